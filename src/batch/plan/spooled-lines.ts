import { createHash } from 'node:crypto';
import { readSync } from 'node:fs';
import { mkdir, open, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { spoolFolder } from '../../results/spool-folder.js';
import { temporaryPath } from '../../results/temporary-files.js';
import { grown } from './plan-order.js';

const BUFFER_BYTES = 256 * 1024;
const FIRST_LINES = 4_096;

/** Texts on this host's disk, found again by their number: 12 bytes of memory each. */
export class SpooledLines implements AsyncDisposable {
  #offsets = new Float64Array(FIRST_LINES);
  #lengths = new Uint32Array(FIRST_LINES);
  #size = 0;
  #end = 0;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  readonly #hash = createHash('sha256');

  private constructor(
    private readonly file: FileHandle,
    private readonly path: string,
  ) {}

  static async create(): Promise<SpooledLines> {
    const path = temporaryPath(await spoolFolder());
    await mkdir(dirname(path), { recursive: true });
    return new SpooledLines(await open(path, 'wx+', 0o600), path);
  }

  get size(): number {
    return this.#size;
  }

  /** @returns its number, from 0. */
  async add(text: string): Promise<number> {
    if (this.#size === this.#lengths.length) {
      this.#offsets = grown(this.#offsets, Float64Array);
      this.#lengths = grown(this.#lengths, Uint32Array);
    }
    const bytes = Buffer.from(`${text}\n`);
    this.#offsets[this.#size] = this.#end;
    this.#lengths[this.#size] = bytes.byteLength - 1;
    this.#end += bytes.byteLength;
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.byteLength;
    if (this.#waitingBytes >= BUFFER_BYTES) await this.flush();
    return this.#size++;
  }

  /** Must have been called before what was added last is read. */
  async flush(): Promise<void> {
    const bytes = Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#hash.update(bytes);
    await this.file.writeFile(bytes);
  }

  /** Of all that was added and flushed; nothing may be added afterwards. Lower-case hex. */
  digest(): string {
    return this.#hash.digest('hex');
  }

  /** In one go: it was written just before, so that the system has it in memory, and a turn of the event loop for each would take far longer. */
  read(number: number): string {
    const bytes = Buffer.allocUnsafe(this.#lengths[number] ?? 0);
    for (let at = 0; at < bytes.byteLength;) {
      const read = readSync(this.file.fd, bytes, at, bytes.byteLength - at, (this.#offsets[number] ?? 0) + at);
      if (read === 0) throw Object.assign(new Error('cut off'), { code: 'EIO' });
      at += read;
    }
    return bytes.toString('utf8');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.file.close();
    await rm(this.path, { force: true });
  }
}
