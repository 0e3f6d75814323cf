import { ACTIVITY } from '../../../src/jobs/names.js';
import type { Message } from '../../support/gate.js';
import { GRPC_STATUS } from '../../support/grpc-proxy.js';

/** What can be told of one document by the messages that pass. */
export class Traces {
  /** The vendor's jobs, in the order in which they were accepted. */
  readonly jobIds: string[] = [];
  /** Of these, the ones that Temporal has been told. */
  readonly toldTemporal = new Set<string>();
  /** Of the submit that was given to a worker last. */
  operation = 'parse';
  /** How many submits were given to a worker since somebody set it to 0. */
  submitsGiven = 0;
  /** How often its jobs were read. */
  reads = 0;
  /** The last message. */
  lastSeen = 'not started';
  private readonly names: string[];

  /** @param token stands in the document's URL and in its workflow id. */
  constructor(token: string) {
    this.names = [token];
  }

  /** The job that is under way or was last. */
  get jobId(): string | undefined {
    return this.jobIds.at(-1);
  }

  areIn({ text }: Message): boolean {
    return this.names.some((name) => text.includes(name));
  }

  jobIn({ text }: Message): string | undefined {
    return this.jobIds.find((id) => text.includes(id));
  }

  note({ kind, phase, text }: Message): void {
    this.lastSeen = `${kind}, ${phase}`;
    if (kind === 'get' && phase === 'request') this.reads += 1;
    if (phase !== 'reply') return;
    switch (kind) {
      case 'PollActivityTaskQueue':
      // An activity may come with the reply to the task that scheduled it.
      case 'RespondWorkflowTaskCompleted':
        if (!text.includes(ACTIVITY.submit)) return;
        this.operation = /"operation":"(\w+)"/.exec(text)?.[1] ?? this.operation;
        this.submitsGiven += 1;
        return;
      case 'RecordActivityTaskHeartbeat':
      case 'RespondActivityTaskCompleted':
        // An attempt that was given up tells in vain.
        if (!text.endsWith(`${GRPC_STATUS}0`)) return;
        for (const id of this.jobIds) if (text.includes(id)) this.toldTemporal.add(id);
        return;
      case 'submit':
        this.learn(text, (id) => this.jobIds.push(id));
        return;
      case 'get':
        this.learn(text, () => undefined);
        return;
      default:
        return;
    }
  }

  /** Whatever the vendor calls by an id, the document's next requests may name by it. */
  private learn(text: string, isJob: (id: string) => void): void {
    for (const [, field, id] of text.matchAll(/"(job_id|extraction_id|split_id)":\s*"([^"]+)"/g)) {
      if (id === undefined || this.names.includes(id)) continue;
      this.names.push(id);
      if (field === 'job_id') isJob(id);
    }
  }
}
