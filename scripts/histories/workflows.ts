// The package's workflows, and some as users write them. Histories of these are kept: they are added to, never changed.
import { continueAsNew } from '@temporalio/workflow';
import { documentJobs } from '../../src/workflows/index.js';
import type { HandOver, JobOptions, ParsedDocument, ProviderName } from '../../src/workflows/index.js';

export * from '../../src/workflows/index.js';

type Settings = JobOptions & { provider: ProviderName; deadline?: string };

/** Takes over a parse that somebody else has submitted. */
export async function attachToParse(jobId: string, settings: Settings): Promise<unknown> {
  return documentJobs(settings).attach({ operation: 'parse', jobId });
}

/** One value from several documents, of which the vendor does not say which it has forgotten. */
export async function extractFromSeveral(
  sources: string[],
  schema: Record<string, unknown>,
  settings: Settings,
): Promise<unknown> {
  const docs = documentJobs(settings);
  const parsed: ParsedDocument[] = [];
  for (const source of sources) parsed.push(await docs.parse(source));
  return (await docs.extract(parsed, { schema })).jobId;
}

/** Parses one document a run, and goes on as a new run while there are more. */
export async function parseRunByRun(sources: string[], settings: Settings, after?: HandOver): Promise<number> {
  const [source, ...rest] = sources;
  const docs = documentJobs({ ...settings, ...(after && { after }) });
  if (source !== undefined) await docs.parse(source);
  if (rest.length > 0) await continueAsNew<typeof parseRunByRun>(rest, settings, docs.handOver());
  return docs.handOver().submitted;
}
