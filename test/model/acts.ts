import type { CallRule, VendorName } from '../../src/sandbox/index.js';
import type { Verdict } from '../support/gate.js';
import { VENDORS } from '../support/vendors.js';
import type { Act, Event } from './schedule.js';
import type { Call, World } from './world.js';

export type ActStage = 'before' | 'after';

/** Acts that happen while the call waits, or to whoever made it. */
export const HOLDING: Partial<
  Record<Act, { stage: ActStage; what: 'die' | 'die unreported' | 'restart' | 'cancel' | 'cancel asleep' }>
> = {
  'attempt dies before it': { stage: 'before', what: 'die' },
  'attempt dies after it': { stage: 'after', what: 'die' },
  'attempt dies unreported': { stage: 'after', what: 'die unreported' },
  'worker restarts before it': { stage: 'before', what: 'restart' },
  'worker restarts after it': { stage: 'after', what: 'restart' },
  'user cancels before it': { stage: 'before', what: 'cancel' },
  'user cancels after it': { stage: 'after', what: 'cancel' },
  'user cancels in the sleep after it': { stage: 'after', what: 'cancel asleep' },
};

/** An hour of tries, and more than any part of the package has the patience for at once. */
export const DOWN_CALLS = 30;

/** What becomes of the call on its way. */
interface Wire {
  event: Event;
  request: Verdict;
  reply: Verdict;
  /** What the vendor answers instead. */
  answer?: CallRule['do'];
  /** To so many calls from this one on; default 1. */
  times?: number;
}

/** The first of the events that concerns the call itself. */
export function onWire(events: readonly Event[], vendor: VendorName): Wire | null {
  for (const event of events) {
    const pass = { event, request: 'pass', reply: 'pass' } as const;
    switch (event.do) {
      case 'connection cut':
        return { ...pass, request: 'drop' };
      case 'reply lost':
        return { ...pass, reply: 'drop' };
      case 'reply cut off':
        return { ...pass, reply: 'half' };
      case '401':
        return { ...pass, request: 'wrong-key' };
      case 'done, but 503':
        return { ...pass, answer: { status: 503, accept: true } };
      case 'done, but nonsense':
        return { ...pass, answer: { status: 200, body: 'OK', accept: true } };
      case '404':
        return { ...pass, answer: { status: 404, body: wordsOf(vendor).gone } };
      case '500':
        return { ...pass, answer: { status: 500 } };
      case 'down for thirty calls':
        return { ...pass, answer: { status: 503 }, times: DOWN_CALLS };
      case '429':
        return { ...pass, answer: 'rate-limited' };
      case 'html 502':
        return { ...pass, answer: 'html-502' };
      case '400':
        return { ...pass, answer: { status: 400, body: wordsOf(vendor).refusal.body } };
    }
  }
  return null;
}

/** What happens at the vendor before it sees the call. */
export async function onVendor(
  world: World,
  { kind, of, jobId, events }: Pick<Call, 'kind' | 'of' | 'jobId' | 'events'>,
): Promise<void> {
  if (kind === 'submit') forgetInput(world, of, events);
  if (jobId === undefined) return;
  if (kind === 'get') await onRead(world, jobId, events);
  if (kind !== 'cancel') return;
  for (const event of events) {
    const fate = FATES[event.do];
    if (fate === undefined) continue;
    world.sandbox.jobs.setCancel(jobId, fate);
    world.fired.push(event);
  }
}

const FATES: Partial<Record<Act, 'ignored' | 'completes-first' | 'error'>> = {
  'cancel is ignored': 'ignored',
  'job completes first': 'completes-first',
  'cancel fails': 'error',
};

/** A split goes with its parse where an extract works on it. */
function forgetInput({ sandbox, fired, schedule }: World, of: string | undefined, events: readonly Event[]): void {
  const forgetting = events.filter((event) => event.do === 'input is forgotten');
  if (forgetting.length === 0) return;
  const inputs = of === 'extract' && schedule.asks === 'split, then extract each' ? ['parse', 'split'] : ['parse'];
  const known = sandbox.ledger.jobs().filter(({ gone, operation }) => gone === null && inputs.includes(operation));
  for (const { jobId } of known) sandbox.jobs.vanish(jobId);
  if (known.length > 0) fired.push(...forgetting);
}

/** Lets the job that is read go on, or end: it ends at its first read, unless the events say otherwise. */
async function onRead(world: World, jobId: string, events: readonly Event[]): Promise<void> {
  const { sandbox, schedule, fired, endless } = world;
  const job = sandbox.ledger.jobs().find((one) => one.jobId === jobId);
  if (job === undefined || job.endedAt !== null || job.gone !== null) return;
  const words = wordsOf(schedule.vendor);
  for (const event of events) {
    switch (event.do) {
      case 'job runs on':
        break;
      case 'job reports a strange word':
        sandbox.jobs.setStatusWord(jobId, 'Reticulating');
        break;
      case 'job never ends':
        endless.add(jobId);
        break;
      case 'job fails':
        await sandbox.jobs.fail(jobId, { name: 'DOCUMENT_CORRUPT', message: 'cannot read the page tree' });
        break;
      case 'job fails for now':
        await sandbox.jobs.fail(jobId, words.passing);
        break;
      case 'job fails for want of its input':
        await sandbox.jobs.fail(jobId, words.inputGone);
        break;
      case 'job vanishes':
        sandbox.jobs.vanish(jobId);
        break;
      case 'job is cancelled elsewhere':
        await words.cancel(sandbox, jobId);
        break;
      case 'user cancels before it':
        // The cancel meets a job that runs.
        return;
      default:
        continue;
    }
    fired.push(event);
    return;
  }
  if (!endless.has(jobId)) await sandbox.jobs.finish(jobId);
}

const wordsOf = (vendor: VendorName) => VENDORS.find(({ name }) => name === vendor)!;
