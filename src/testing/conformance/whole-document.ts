import { randomUUID } from 'node:crypto';
import { findDocumentFailure } from '../../jobs/failures.js';
import { WORKFLOW } from '../../jobs/names.js';
import type { ProcessDocumentInput, ProcessDocumentResult } from '../../jobs/process-document.js';
import type { Operation } from '../../jobs/types.js';
import type { Kit } from './kit.js';
import type { ConformanceRow } from './report.js';
import { CASE_OPTIONS, endOf } from './run-case.js';
import { withinLimit } from './within-limit.js';

/** The ready-made workflow: parse once, then what the vendor has of extract and split, side by side. */
export async function wholeDocument(kit: Kit): Promise<ConformanceRow> {
  const { provider, vendor, asks } = kit;
  await vendor.reset();
  const has = (operation: Operation): boolean => provider.operations.includes(operation);
  const { schema } = asks.extract ?? {};
  const { sections } = asks.split ?? {};
  const operations = (['parse', 'extract', 'split'] as const).filter(has);
  const startedAt = performance.now();
  const problems = await problemsOf(kit, operations, {
    source: vendor.document,
    provider: provider.name,
    account: 'whole',
    polling: CASE_OPTIONS.polling,
    deadline: CASE_OPTIONS.jobDeadline,
    ...(has('extract') && schema ? { schema } : {}),
    ...(has('split') && sections ? { sections } : {}),
  });
  return {
    operation: '—',
    situation: 'whole document',
    expected: `complete: ${operations.join(', ')}`,
    got: problems.length === 0 ? `complete: ${operations.join(', ')}` : problems.join('; '),
    ms: performance.now() - startedAt,
    requests: await vendor.requests(),
    ok: problems.length === 0,
  };
}

async function problemsOf(kit: Kit, operations: Operation[], input: ProcessDocumentInput): Promise<string[]> {
  const { env, vendor, taskQueue } = kit;
  const workflowId = `conformance-${randomUUID()}`;
  const handle = await env.client.workflow.start(WORKFLOW.processDocument, { taskQueue, workflowId, args: [input] });
  const ended = endOf<ProcessDocumentResult>(handle);
  const end = await withinLimit(kit.caseLimitMs, ended).catch((error: unknown) => ({ error }));
  if ('error' in end) return [`failed: ${findDocumentFailure(end.error)?.message ?? String(end.error)}`];
  const { status, receipt, failures } = end.value;
  const accepted = await vendor.accepted();
  const expected = [...operations].sort().join(', ');
  const made = accepted.map((job) => job.operation).sort();
  const receipted = receipt.jobs.map(
    (job) => `${job.operation}${job.outcome === 'completed' ? '' : ` ${job.outcome}`}`,
  );
  return [
    ...(status === 'complete' ? [] : [`${status}: ${failures.map((failure) => failure.message).join('; ')}`]),
    ...(made.join(', ') === expected ? [] : [`the vendor accepted ${made.join(', ')}`]),
    ...(receipted.sort().join(', ') === expected ? [] : [`the receipt shows ${receipted.join(', ')}`]),
  ];
}
