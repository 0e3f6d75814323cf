// What test workers run: the package's workflows, and workflows as a user would write them with documentJobs().
import {
  CancellationScope,
  condition,
  continueAsNew,
  defineSignal,
  isCancellation,
  ParentClosePolicy,
  setHandler,
  startChild,
} from '@temporalio/workflow';
import { documentJobs, isDocumentFailure, processDocument } from '../../src/workflows/index.js';
import type { HandOver, JobOptions, ParsedDocument } from '../../src/workflows/index.js';
import type { JsonValue, Operation, ProviderName } from '../../src/workflows/index.js';

export * from '../../src/workflows/index.js';

/** Which vendor, and how. */
type Settings = JobOptions & { provider?: ProviderName };

export async function parseOnly(
  source: string,
  options: Settings & { deadline?: string } = {},
): Promise<ParsedDocument> {
  return documentJobs({ provider: 'reducto', ...options }).parse(source);
}

export async function attachOnly(
  operation: Operation,
  jobId: string,
  { lease = true, ...options }: Settings & { lease?: boolean } = {},
): Promise<unknown> {
  return documentJobs({ provider: 'reducto', ...options }).attach({ operation, jobId }, { lease });
}

/** Extract and split under `all`: the first failure cancels the other one. */
export async function allOrNothing(
  source: string,
  schema: Record<string, JsonValue>,
  options: Settings = {},
): Promise<unknown> {
  const docs = documentJobs({ provider: 'reducto', ...options });
  const parsed = await docs.parse(source);
  try {
    const [fields, parts] = await docs.all([
      () => docs.extract<{ invoice_number: string }>(parsed, { schema }),
      () => docs.split(parsed, { sections: [{ name: 'lines', description: 'line items with amounts' }] }),
    ]);
    return { number: fields.data.invoice_number, sections: parts.sections };
  } catch (e) {
    if (isDocumentFailure(e, 'DocumentJobFailed')) return { failed: e.details.jobId, code: e.details.vendorCode };
    throw e;
  }
}

/** A user's own scope around a job: cancelling only the scope cancels the vendor's job, and the workflow goes on. */
export async function cancelOneScope(source: string, options: Settings = {}): Promise<string> {
  const docs = documentJobs({ provider: 'reducto', ...options });
  try {
    await CancellationScope.withTimeout('10 minutes', () => docs.parse(source));
    return 'parsed';
  } catch (e) {
    if (isCancellation(e)) return 'gave up and went on';
    throw e;
  }
}

const SECTIONS = [{ name: 'lines', description: 'line items with amounts' }];

/** Parses each source, and extracts one value from all of them once it is told to go on. */
export async function extractFromAll(
  sources: string[],
  schema: Record<string, JsonValue>,
  options: Settings = {},
): Promise<unknown> {
  let goOn = false;
  setHandler(defineSignal('goOn'), () => void (goOn = true));
  const docs = documentJobs({ provider: 'reducto', ...options });
  const parsed: ParsedDocument[] = [];
  for (const source of sources) parsed.push(await docs.parse(source));
  await condition(() => goOn);
  await docs.extract(parsed, { schema });
  return parsed.map((one) => docs.latest(one).jobId);
}

/** Two jobs on one parsed document, each in a scope of its own; the first is cancelled when it is told so. */
export async function reuseInTwoScopes(
  source: string,
  schema: Record<string, JsonValue>,
  options: Settings = {},
): Promise<unknown> {
  const told = new Set<string>();
  for (const word of ['goOn', 'cancelFirst']) setHandler(defineSignal(word), () => void told.add(word));
  const docs = documentJobs({ provider: 'reducto', ...options });
  const parsed = await docs.parse(source);
  await condition(() => told.has('goOn'));
  const first = new CancellationScope();
  const extracted = first
    .run(() => docs.extract(parsed, { schema }))
    .then(
      () => 'extracted',
      (error: unknown) => (isCancellation(error) ? 'cancelled' : String(error)),
    );
  const split = docs.split(parsed, { sections: SECTIONS });
  await condition(() => told.has('cancelFirst'));
  first.cancel();
  return [await extracted, (await split).sections.map(({ name }) => name)];
}

/** Parses one document a run, and goes on as a new run until there is none left; the deadline is that of all runs. */
export async function oneARun(
  sources: string[],
  options: Settings & { deadline?: string },
  after?: HandOver,
): Promise<number> {
  const [source, ...rest] = sources;
  const docs = documentJobs({ provider: 'reducto', ...options, ...(after && { after }) });
  if (source !== undefined) await docs.parse(source);
  if (rest.length > 0) await continueAsNew<typeof oneARun>(rest, options, docs.handOver());
  return docs.handOver().submitted;
}

/** Starts a document as a child that is asked to cancel when its parent ends, and ends when it is told so. */
export async function parentOfDocument(source: string, options: Settings = {}): Promise<string> {
  let isOver = false;
  setHandler(defineSignal('end'), () => void (isOver = true));
  const { provider = 'reducto', ...rest } = options;
  const child = await startChild(processDocument, {
    args: [{ source, provider, ...rest }],
    parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
  });
  await condition(() => isOver);
  return child.workflowId;
}

/** Goes on as a new run while its job runs, and attaches to it there. */
export async function handsItsJobOver(source: string, options: Settings = {}, jobId?: string): Promise<string> {
  const docs = documentJobs({ provider: 'reducto', ...options });
  if (jobId !== undefined) {
    await docs.attach({ operation: 'parse', jobId });
    return jobId;
  }
  let goOn = false;
  let accepted = '';
  setHandler(defineSignal<[string]>('goOn'), (id) => {
    goOn = true;
    accepted = id;
  });
  docs.parse(source).catch(() => undefined);
  await condition(() => goOn);
  return continueAsNew<typeof handsItsJobOver>(source, options, accepted);
}
