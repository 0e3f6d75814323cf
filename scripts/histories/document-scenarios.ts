import { readFileSync } from 'node:fs';
import type { JsonSchema } from '../../src/jobs/json.js';
import type { Operation, SectionSpec } from '../../src/jobs/types.js';
import type { FaultRule } from '../../src/sandbox/index.js';
import type { Life, Scenario } from './scenario.js';

const schema = JSON.parse(readFileSync('examples/invoice.schema.json', 'utf8')) as JsonSchema;
const sections = JSON.parse(readFileSync('examples/sections.json', 'utf8')) as SectionSpec[];
const lenient = { type: 'object', properties: { invoice_number: { type: ['string', 'null'] } } };
const broken = { failed: { name: 'DOCUMENT_CORRUPT', message: 'cannot read the page tree' } };
const stuck = (operation: Operation): FaultRule => ({ job: 'stuck', operation });
const refusedTwice = (operation: Operation): FaultRule => {
  return { on: 'submit', operation, call: { from: 1, to: 2 }, do: { status: 401 } };
};
const slow = { window: 0, cancelSettle: '5s', expected: '2h' };

/** Lives of `processDocument`. */
export const DOCUMENT_SCENARIOS: readonly Scenario[] = [
  { name: 'happy', input: { schema, sections } },
  { name: 'per-section', input: { schema: lenient, sections, extractPerSection: true } },
  { name: 'failed', faults: () => [{ job: broken, operation: 'parse' }] },
  { name: 'partial', input: { schema, sections }, faults: () => [{ job: broken, operation: 'extract' }] },
  { name: 'resubmitted', faults: (vendor) => [{ job: { failed: vendor.passing }, operation: 'parse', nth: 1 }] },
  { name: 'busy-vendor', faults: () => [{ on: 'submit', call: { from: 1, to: 3 }, do: 'rate-limited' }] },
  { name: 'lost-reply', faults: () => [{ on: 'submit', call: 1, do: 'drop-after-accept' }] },
  { name: 'deadline', faults: () => [{ job: 'stuck' }], input: { deadline: '3h' } },
  { name: 'long-wait', parseMs: 5 * 3_600_000 },
  { name: 'cancelled', faults: () => [{ job: 'stuck' }], act: cancelAfter('20 minutes') },
  { name: 'windows', parseMs: 3_000, input: { schema: lenient, polling: { expected: 1 } } },
  { name: 'uploaded', input: { source: 'invoice-packet.pdf' } },
  { name: 'repaired', input: { schema: lenient, sections }, act: forgetBeforeReuse },
  {
    name: 'repaired-late',
    input: { schema: lenient },
    faults: (vendor) => [{ job: { failed: vendor.inputGone }, operation: 'extract', nth: 1 }],
  },
  { name: 'refused-key', input: { onRefusedKey: 'wait' }, faults: () => [refusedTwice('parse')] },
  { name: 'revoked-key', input: { schema: lenient }, faults: () => [refusedTwice('extract')] },
  {
    name: 'cancelled-siblings',
    input: { schema: lenient, sections, polling: slow },
    faults: () => [stuck('extract'), stuck('split')],
    act: cancelAfter('150 minutes'),
  },
  {
    name: 'failed-sibling',
    input: { schema: lenient, sections, polling: slow, onFailure: 'cancel' },
    faults: () => [{ job: broken, operation: 'extract' }, stuck('split')],
  },
];

function cancelAfter(time: string): (life: Life) => Promise<void> {
  return async ({ env, handle }) => {
    await env.sleep(time);
    await handle.cancel();
  };
}

/** The vendor forgets the parse while the submits of extract and split are on their way. */
async function forgetBeforeReuse({ sandbox, ended }: Life): Promise<void> {
  const held = (['extract', 'split'] as const).map((operation) => sandbox.faults.hold({ on: 'submit', operation }));
  void ended();
  await Promise.all(held.map(({ reached }) => reached));
  sandbox.jobs.vanish(sandbox.ledger.accepted('parse')[0]?.jobId ?? '');
  for (const hold of held) hold.release();
}
