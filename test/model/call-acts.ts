import type { LedgerJob } from '../../src/sandbox/index.js';
import { openReceiver, type Receiver } from './receiver.js';
import type { Act, Event, ModelOperation } from './schedule.js';
import type { Surroundings, World } from './world.js';

/** When a call comes: while the call to the vendor waits for its reply, once the workflow sleeps after it, or when the document has ended. */
type CallMoment = 'held' | 'asleep' | 'over';

interface Calling {
  when: CallMoment;
  /** The job has ended when the call comes, as a vendor's own would have. */
  ends?: true;
  make: (receiver: Receiver, job: LedgerJob) => Promise<void>;
}

const call = (receiver: Receiver, job: LedgerJob): Promise<void> => receiver.call(job);

/** What is sent to the receiver. */
const CALLING: Partial<Record<Act, Calling>> = {
  'vendor calls before the reply': { when: 'held', ends: true, make: call },
  'vendor calls in the sleep after it': { when: 'asleep', ends: true, make: call },
  'vendor calls twice in the sleep after it': {
    when: 'asleep',
    ends: true,
    make: async (receiver, job) => {
      await Promise.all([receiver.call(job), receiver.call(job)]);
    },
  },
  'vendor calls too early in the sleep after it': { when: 'asleep', make: call },
  'vendor calls late': { when: 'held', make: call },
  'vendor calls when all is over': { when: 'over', make: call },
  'vendor calls for another job': { when: 'held', make: (receiver, job) => receiver.callForAnother(job) },
  'somebody forges a call': { when: 'held', make: (receiver, job) => receiver.forge(job) },
};

type When = (work: () => Promise<void>) => Promise<void>;

/** What a document's webhook receiver is sent. */
export class Calls {
  readonly #late: (() => Promise<void>)[] = [];

  private constructor(
    private readonly world: World,
    private readonly receiver: Receiver,
    private readonly when: Record<Exclude<CallMoment, 'over'>, When>,
  ) {}

  static async open(
    world: World,
    { client, taskQueue }: Surroundings,
    when: Record<Exclude<CallMoment, 'over'>, When>,
  ): Promise<Calls> {
    return new Calls(world, await openReceiver(world.sandbox, world.schedule.vendor, client, taskQueue), when);
  }

  /** Calls for the job that the vendor accepted last for the operation, if the event says so and the vendor still tells of it. */
  async act(event: Event, of: ModelOperation | undefined): Promise<void> {
    const calling = CALLING[event.do];
    const job = this.world.sandbox.ledger.jobs().findLast(({ operation }) => operation === of);
    if (calling === undefined || job === undefined || job.gone !== null) return;
    const work = async (): Promise<void> => {
      this.world.fired.push(event);
      if (calling.ends && this.#isRunning(job)) await this.world.sandbox.jobs.finish(job.jobId);
      await calling.make(this.receiver, job);
    };
    if (calling.when === 'over') this.#late.push(work);
    else await this.when[calling.when](work);
  }

  /** Makes those that come when the document has ended. */
  async callLate(): Promise<void> {
    for (const call of this.#late) await call();
  }

  close(): Promise<void> {
    return this.receiver.close();
  }

  #isRunning({ jobId }: LedgerJob): boolean {
    return this.world.sandbox.ledger.jobs().some((job) => job.jobId === jobId && job.endedAt === null);
  }
}
