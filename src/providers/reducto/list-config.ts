import { isJsonObject } from '../../jobs/json.js';
import type { ListedJob } from './schemas.js';

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

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
