// What test workers run: the package's workflows, and workflows as a user would write them with documentJobs().
import { CancellationScope, isCancellation } from '@temporalio/workflow';
import { documentJobs, isDocumentFailure, type JobOptions, type ParsedDocument } from '../../src/workflows/index.js';
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

export async function attachOnly(operation: Operation, jobId: string, options: Settings = {}): Promise<unknown> {
  return documentJobs({ provider: 'reducto', ...options }).attach({ operation, jobId });
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
