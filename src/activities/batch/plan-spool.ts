import { PlanOrder } from '../../batch/plan/plan-order.js';
import { SpooledLines } from '../../batch/plan/spooled-lines.js';
import { sha256 } from '../../results/sha256.js';
import type { BatchDocument, BatchRow } from '../../jobs/batch.js';

/** What an attempt at planning has gathered so far: on disk, but for 17 bytes a document. */
export class PlanSpool implements AsyncDisposable {
  /** What is there and is no document. */
  skipped = 0;

  private constructor(
    private readonly documents: SpooledLines,
    private readonly unusable: SpooledLines,
    private readonly order: PlanOrder,
  ) {}

  static async create(): Promise<PlanSpool> {
    const documents = await SpooledLines.create();
    try {
      return new PlanSpool(documents, await SpooledLines.create(), new PlanOrder());
    } catch (error) {
      await documents[Symbol.asyncDispose]();
      throw error;
    }
  }

  get size(): number {
    return this.documents.size;
  }
  get unusableRows(): number {
    return this.unusable.size;
  }

  async add(document: BatchDocument): Promise<void> {
    this.order.add(document);
    await this.documents.add(JSON.stringify(document));
  }

  async refuse(row: BatchRow): Promise<void> {
    await this.unusable.add(JSON.stringify(row));
  }

  /** Nothing is added any more. @returns a hash of all that was gathered: the same for the same, in whatever attempt. */
  async seal(): Promise<string> {
    await this.documents.flush();
    await this.unusable.flush();
    return sha256(Buffer.from(`${this.documents.digest()} ${this.unusable.digest()}`)).slice(0, 16);
  }

  /** The documents as JSON, in the order in which they are started. */
  *inOrder(): Generator<string> {
    for (const number of this.order.sorted()) yield this.documents.read(number);
  }

  *unusableLines(): Generator<string> {
    for (let number = 0; number < this.unusable.size; number++) yield this.unusable.read(number);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.documents[Symbol.asyncDispose]();
    await this.unusable[Symbol.asyncDispose]();
  }
}
