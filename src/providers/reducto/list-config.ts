import { isJsonObject, type JsonObject, type JsonValue } from '../../jobs/json.js';
import type { JobOwner } from '../../jobs/types.js';
import type { SubmitStamp } from '../provider.js';
import { JobConfig, type ListedJob } from './schemas.js';

/** The caller's metadata with the stamp, which the job list is hoped to show again. */
export function stamped(metadata: JsonValue | undefined, { marker, owner }: SubmitStamp): JsonObject {
  const given = isJsonObject(metadata) ? metadata : {};
  return { ...given, documentJobs: { marker, ...(owner === undefined ? {} : { owner: { ...owner } }) } };
}

/** A listed job's configuration as JSON text; empty when the list does not show it. */
export function configText({ raw_config: config }: ListedJob): string {
  if (typeof config === 'string') return config;
  return isJsonObject(config) ? JSON.stringify(config) : '';
}

/** True for a job that this package submitted and that can be found by its marker. */
export const isMarked = (job: ListedJob): boolean => configText(job).includes('"documentJobs"');

/** True when the configuration shows metadata of any client: then the vendor would show ours too. */
export function showsMetadata(job: ListedJob): boolean {
  if (isMarked(job)) return true;
  const config = parsed(configText(job));
  // Not just any `metadata`: an extract schema may have a property of that name.
  return (
    isJsonObject(config) &&
    [config.async, config.webhook].some((block) => isJsonObject(block) && block.metadata != null)
  );
}

/** Whose job it is, where this package submitted it and the list shows that. */
export const ownerOf = (job: ListedJob): JobOwner | undefined => stampOf(job)?.owner ?? undefined;

/** True when the list shows the stamp in its place, not just a schema's property of that name. */
export const isStamped = (job: ListedJob): boolean => stampOf(job) != null;

function stampOf(job: ListedJob) {
  const text = configText(job);
  // Sweeps that wait for jobs to end read thousands without it.
  if (text === '') return undefined;
  const config = JobConfig.safeParse(parsed(text)).data;
  return (config?.async ?? config?.webhook)?.metadata?.documentJobs;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
