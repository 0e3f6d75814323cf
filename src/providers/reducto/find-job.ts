import type { JsonObject } from '../../jobs/json.js';
import type { Operation } from '../../jobs/types.js';
import type { FoundJob, WantedJob } from '../provider.js';
import { VendorError } from '../vendor-error.js';
import { vendorTime } from '../vendor-time.js';
import type { AcceptedJobs } from './accepted-jobs.js';
import { configText, isMarked, isStamped, showsMetadata } from './list-config.js';
import { isReductoOperation, operationOf } from './operations.js';
import { compareConfig } from './same-config.js';
import type { ListedJob } from './schemas.js';
import { SKEW_MS, type Sweep } from './sweep-jobs.js';

/** What the account's list shows of its jobs' configurations; `learn`: whatever it is seen to show. */
export type ListShows = 'metadata' | 'config' | 'nothing' | 'learn';

export interface FindJob {
  wanted: WantedJob;
  /** The submit's body, for comparison. */
  body: JsonObject;
  sweep: Sweep;
  listShows: ListShows;
  /** Jobs that this process got a reply for. */
  accepted: AcceptedJobs;
}

/**
 * Looks for a submit's job in a sweep of the list. It is told by its marker, which is ours wherever it stands. When no job has it, the first
 * way decides that the list is seen (or said) to be good for:
 * 1. the list shows metadata: a job without our marker is not ours;
 * 2. the list shows configurations: of the jobs made since, ours is the one with the same input and configuration.
 * @returns `'unsupported'` when absence proves nothing: what the vendor echoes is undocumented, so that it is believed when seen.
 * @throws VendorError kind `ambiguous` for two candidates.
 */
export function findJob(look: FindJob): FoundJob | 'unsupported' | null {
  const { wanted, sweep, listShows } = look;
  const oldest = Date.parse(wanted.since) - SKEW_MS;
  const alive = sweep.listed.filter((job) => ageOf(job) >= oldest && !isDead(job));
  const marked = findMarked(alive, wanted.markers);
  if (marked !== null) return marked;
  if (!sweep.isWhole) return 'unsupported';
  const candidates = alive.filter((job) => mayBeOurs(job, look));
  if (candidates.length === 0) return null;
  const isLearning = listShows === 'learn';
  if (listShows === 'metadata' || (isLearning && provesByMetadata(sweep, candidates, wanted))) return null;
  if (listShows === 'config' || (isLearning && look.accepted.areShownAsSent(sweep.listed))) {
    return findByConfig(look, candidates);
  }
  return 'unsupported';
}

function mayBeOurs({ job_id: jobId, type }: ListedJob, { wanted, accepted }: FindJob): boolean {
  if (wanted.notThese.includes(jobId) || accepted.isOther(jobId, wanted.markers)) return false;
  return isOf(wanted.request.operation, type);
}

function findMarked(alive: ListedJob[], markers: WantedJob['markers']): FoundJob | null {
  const found = alive.flatMap((job) => {
    const marker = markers.find((one) => configText(job).includes(one));
    return marker === undefined ? [] : [{ jobId: job.job_id, marker }];
  });
  return theOnly(found, 'carry the same marker');
}

/** No job of the list that could be ours hides its configuration, and some job shows metadata. */
function provesByMetadata({ listed }: Sweep, candidates: ListedJob[], { request }: WantedJob): boolean {
  const areReadable = candidates.every((one) => configText(one) !== '');
  // A classify without a marker could be ours, posted to the synchronous endpoint.
  const areMarked = request.operation !== 'classify' || candidates.every(isMarked);
  return areReadable && areMarked && listed.some(showsMetadata);
}

/** Another life of the workflow may have had another input (an upload of its own), and lies so far back that an equal job may be anyone's. */
function findByConfig({ wanted, body }: FindJob, candidates: ListedJob[]): FoundJob | 'unsupported' | null {
  if (wanted.earlierLife) return 'unsupported';
  // None has our marker: one that shows a stamp is another's, however equal.
  const unstamped = candidates.filter((job) => !isStamped(job));
  const compared = unstamped.map((job) => ({ jobId: job.job_id, verdict: compareConfig(configText(job), body) }));
  if (compared.some(({ verdict }) => verdict === 'unclear')) return 'unsupported';
  const same = compared.filter(({ verdict }) => verdict === 'same').map(({ jobId }) => ({ jobId }));
  return theOnly(same, 'have the same input and configuration');
}

function theOnly(found: FoundJob[], what: string): FoundJob | null {
  if (found.length > 1) {
    const reason = `${found.length} jobs ${what}: ${found.map(({ jobId }) => jobId).join(', ')}`;
    throw new VendorError({ kind: 'ambiguous', endpoint: 'GET /jobs', reason, sent: true });
  }
  return found[0] ?? null;
}

/** A job of unknown age may be the one. */
const ageOf = (job: ListedJob): number => vendorTime(job.created_at) ?? Infinity;

function isOf(operation: Operation, type: ListedJob['type']): boolean {
  if (typeof type !== 'string' || !isReductoOperation(operation)) return true;
  // A new word of the vendor's may be its new word for ours.
  const known = operationOf(type);
  return known === null || known === operation;
}

const isDead = ({ status }: ListedJob): boolean => /^(failed|cancell?ed)$/i.test(status ?? '');
