import { readFileSync } from 'node:fs';
import type { WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { ProcessDocumentInput } from '../../src/jobs/process-document.js';
import type { JsonSchema } from '../../src/jobs/json.js';
import type { SectionSpec } from '../../src/jobs/types.js';
import type { FaultRule } from '../../src/sandbox/index.js';
import type { Vendor } from '../../test/support/vendors.js';

/** One life of `processDocument` whose history is kept for ever. */
export interface Scenario {
  name: string;
  faults?: (vendor: Vendor) => FaultRule[];
  /** How long the vendor takes to parse, ms. */
  parseMs?: number;
  input?: Partial<ProcessDocumentInput>;
  /** What happens meanwhile. */
  act?: (env: TestWorkflowEnvironment, handle: WorkflowHandle) => Promise<void>;
}

const schema = JSON.parse(readFileSync('examples/invoice.schema.json', 'utf8')) as JsonSchema;
const sections = JSON.parse(readFileSync('examples/sections.json', 'utf8')) as SectionSpec[];
const lenient = { type: 'object', properties: { invoice_number: { type: ['string', 'null'] } } };
const broken = { failed: { name: 'DOCUMENT_CORRUPT', message: 'cannot read the page tree' } };

export const SCENARIOS: readonly Scenario[] = [
  { name: 'happy', input: { schema, sections } },
  { name: 'per-section', input: { schema: lenient, sections, extractPerSection: true } },
  { name: 'failed', faults: () => [{ job: broken, operation: 'parse' }] },
  { name: 'partial', input: { schema, sections }, faults: () => [{ job: broken, operation: 'extract' }] },
  { name: 'resubmitted', faults: (vendor) => [{ job: { failed: vendor.passing }, operation: 'parse', nth: 1 }] },
  { name: 'busy-vendor', faults: () => [{ on: 'submit', call: { from: 1, to: 3 }, do: 'rate-limited' }] },
  { name: 'lost-reply', faults: () => [{ on: 'submit', call: 1, do: 'drop-after-accept' }] },
  { name: 'deadline', faults: () => [{ job: 'stuck' }], input: { deadline: '3h' } },
  { name: 'long-wait', parseMs: 5 * 3_600_000 },
  {
    name: 'cancelled',
    faults: () => [{ job: 'stuck' }],
    async act(env, handle) {
      await env.sleep('20 minutes');
      await handle.cancel();
    },
  },
];
