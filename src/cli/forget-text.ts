import type { Footprint } from '../histories/footprint.js';
import type { ForgetReport, ForgottenPlace } from '../jobs/forget.js';
import { type ExitCode, EXIT } from './exit-codes.js';
import { table } from './table.js';

/** What a forgetting would erase, before it does. */
export function plannedText({ workflowId, runs, jobs, uploads }: Footprint): string {
  const uploaded = uploads.filter((upload) => upload.uploaded);
  const rows = [
    ...jobs.map(({ job }) => [`${job.provider} ${job.operation} job, and its result in the store`, job.jobId]),
    ...uploaded.map(({ provider, reference }) => [`${provider} upload`, reference]),
  ];
  const head = `${workflowId}: ${count(jobs.length, 'job')} and ${count(uploaded.length, 'upload')} of ${count(runs.length, 'run')}\n`;
  return rows.length === 0 ? head : head + table([['what', 'id'], ...rows]);
}

/** The report for people: a row for each place, then what is left to do. */
export function forgetText({ places, complete, notes }: ForgetReport): string {
  // Most vendors' results are never claimed: that there is no claim is of no interest to anybody.
  const shown = places.filter(({ place, state }) => place !== 'claim' || state !== 'absent');
  const rows = shown.map((one) => [WHAT[one.place], one.provider ?? '', one.id, stateText(one)]);
  const left = shown.filter(({ how }) => how !== undefined).map((one) => `${one.place} ${one.id}: ${one.how}\n`);
  return [
    rows.length === 0 ? 'Nothing to erase.\n' : table([['place', 'vendor', 'id', 'now'], ...rows]),
    left.length === 0 ? '' : `\nLeft to do, or to know:\n${left.map((line) => `  ${line}`).join('')}`,
    ...notes.map((note) => `note: ${note}\n`),
    complete ? '' : '\nNot all could be erased: forget it again when that is mended.\n',
  ].join('');
}

const WHAT: Record<ForgottenPlace['place'], string> = {
  result: 'result in the store',
  claim: 'claim in the store',
  asset: 'asset in the store',
  vendor_job: 'job at the vendor',
  vendor_upload: 'upload at the vendor',
  unknown_job: 'jobs nobody can name',
  history: 'history in Temporal',
};

const stateText = ({ state, at }: ForgottenPlace): string =>
  at === undefined ? state : `${state} ${state === 'expires' ? 'by' : 'at'} ${at}`;

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;

/** What a report means to a shell. What nobody can erase from here is no failure of the command. */
export function exitOfForget({ places }: Pick<ForgetReport, 'places'>): ExitCode {
  const isOutOfReach = ({ state, httpStatus }: ForgottenPlace): boolean =>
    state === 'unreachable' || (state === 'refused' && (httpStatus === 401 || httpStatus === 403));
  if (places.some(isOutOfReach)) return EXIT.unreachable;
  return places.some(({ state }) => state === 'refused') ? EXIT.failed : EXIT.done;
}
