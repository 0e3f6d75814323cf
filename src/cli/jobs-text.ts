import type { ListedJob, ListedJobs, Provider } from '../providers/provider.js';
import { shellWord } from './shell-word.js';
import { table } from './table.js';

export interface JobsQuestion {
  provider: Pick<Provider, 'statuses'>;
  /** The command line that asked, without `--cursor`. */
  command: readonly string[];
  sandbox: boolean;
}

/** A page of a vendor's job list for people, with the way to the next one. */
export function jobsText({ jobs, nextCursor }: ListedJobs, { provider, command, sandbox }: JobsQuestion): string {
  const rows = jobs.map((job) => [
    job.jobId,
    statusWord(job, provider),
    job.type ?? '–',
    job.createdAt ?? '–',
    job.pages === null ? '–' : String(job.pages),
  ]);
  const parts = [
    rows.length === 0 ? 'No jobs.\n' : table([['id', 'status', 'type', 'created', 'pages'], ...rows]),
    nextCursor === null ? '' : `Next page: ${[...command, '--cursor', nextCursor].map(shellWord).join(' ')}\n`,
    sandbox ? "These are the sandbox's jobs, a local stand-in's; no vendor was asked.\n" : '',
  ];
  return parts.filter((part) => part !== '').join('\n');
}

/** A word of the vendor's that we do not know stands beside what we take it for. */
function statusWord({ status, vendorStatus }: ListedJob, { statuses }: Pick<Provider, 'statuses'>): string {
  return Object.hasOwn(statuses, vendorStatus.toLowerCase()) ? status : `${status} (${vendorStatus})`;
}
