import type {
  CancelInput,
  CancelOutput,
  PollInput,
  PollOutput,
  SubmitBeat,
  SubmitInput,
  SubmitOutput,
  UploadInput,
  UploadOutput,
} from '../jobs/activities.js';
import { ACTIVITY } from '../jobs/names.js';
import type { JobRef, Outcome } from '../jobs/types.js';
import type { HistoryActivity } from './activities-of.js';
import type { FootprintJob, FootprintUpload } from './footprint.js';
import type { Temporal } from './temporal-side.js';

type JobFacts = Partial<FootprintJob> & Pick<FootprintJob, 'job'>;

/** What one activity tells of the world. */
export interface Told {
  job?: JobFacts;
  upload?: FootprintUpload;
  submit?: {
    /** Which of the workflow's submits it is. */
    marker: string;
    /** POSTs that are known to stay without an answer. */
    posts: number;
    /** False when a job may have come of it that nobody has named yet. */
    isSettled: boolean;
  };
}

type Decode = Pick<Temporal, 'decode'>;

/**
 * Reads one activity of ours; of any other it tells nothing.
 * @param heartbeat decoded; of an activity that had not ended when its workflow did.
 */
export async function readActivity(temporal: Decode, activity: HistoryActivity, heartbeat: unknown): Promise<Told> {
  switch (activity.type) {
    case ACTIVITY.upload:
      return readUpload(temporal, activity);
    case ACTIVITY.submit:
      return readSubmit(temporal, activity, heartbeat);
    case ACTIVITY.poll:
      return readPoll(temporal, activity);
    case ACTIVITY.cancel:
      return readCancel(temporal, activity);
    default:
      return {};
  }
}

async function readUpload(temporal: Decode, { input, end }: HistoryActivity): Promise<Told> {
  const output = (await temporal.decode(end?.result)) as UploadOutput | undefined;
  if (output === undefined) return {};
  const { provider, account, source } = (await temporal.decode(input)) as UploadInput;
  const { reference, uploaded, sha256 = null } = output;
  return { upload: { provider, account, reference, source, uploaded, sha256 } };
}

async function readSubmit(temporal: Decode, { input, end }: HistoryActivity, heartbeat: unknown): Promise<Told> {
  const { provider, account, request, marker } = (await temporal.decode(input)) as SubmitInput;
  const output = (await temporal.decode(end?.result)) as SubmitOutput | undefined;
  const beat = ((await temporal.decode(end?.lastHeartbeat)) ?? heartbeat ?? {}) as Partial<SubmitBeat>;
  const accepted = output?.outcome === 'accepted' ? output : undefined;
  const jobId = accepted?.jobId ?? beat.jobId;
  const isUnknown = output?.outcome === 'unknown';
  // One that failed says in its failure what became of it; only of the lost replies among these a job may have come.
  const isRefused =
    end?.failure != null && end.failure !== 'DocumentSubmitUnknown' && end.failure !== 'DocumentReplyInvalid';
  const submit = {
    marker: JSON.stringify(marker),
    posts: isUnknown ? output.posts : 0,
    isSettled: jobId !== undefined || output !== undefined || isRefused,
  };
  if (jobId === undefined) return { submit };
  const ref: JobRef = { provider, account, operation: request.operation, jobId };
  const job: JobFacts = { job: ref, request, origin: marker.origin };
  return { submit, job: { ...job, model: accepted?.model ?? null, submittedAt: accepted?.at ?? null } };
}

async function readPoll(temporal: Decode, { input, end }: HistoryActivity): Promise<Told> {
  const { job } = (await temporal.decode(input)) as PollInput;
  const output = (await temporal.decode(end?.result)) as PollOutput | undefined;
  if (end === null || output === undefined || output.state === 'pending') return { job: { job } };
  const outcome = OUTCOMES[output.state] ?? null;
  const endedAt = new Date(end.at).toISOString();
  if (output.state === 'completed') {
    const { usage, stored } = output.result;
    return { job: { job, outcome, endedAt, usage, stored } };
  }
  return { job: { job, outcome, endedAt, ...(output.state === 'failed' ? { usage: output.usage } : {}) } };
}

async function readCancel(temporal: Decode, { input, end }: HistoryActivity): Promise<Told> {
  const { job } = (await temporal.decode(input)) as CancelInput;
  const output = (await temporal.decode(end?.result)) as CancelOutput | undefined;
  if (end === null || output === undefined) return { job: { job } };
  const { outcome, usage, stored = null } = output;
  return { job: { job, outcome, usage, stored, endedAt: new Date(end.at).toISOString() } };
}

/** What a poll's end says of the job's. */
const OUTCOMES: Partial<Record<PollOutput['state'], Outcome>> = {
  completed: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
  lost: 'unknown',
};
