import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseWith } from '../../../src/providers/http/parse-reply.js';
import { interpret } from '../../../src/providers/pulse/interpret.js';
import { PULSE_OPERATIONS, type PulseOperation } from '../../../src/providers/pulse/operations.js';
import { Job } from '../../../src/providers/pulse/schemas.js';
import { snapshotOf } from '../../../src/providers/pulse/statuses.js';
import { VendorError } from '../../../src/providers/vendor-error.js';
import { errorOf, EXTRACTION, withPulse } from './helpers.js';

const RUNS = { seed: 20261124, numRuns: 300 };
const OPERATIONS = Object.keys(PULSE_OPERATIONS) as PulseOperation[];

const any = fc.oneof(fc.jsonValue(), fc.constantFrom(null, '', 0, [], {}, 'toString', [null], [{}]));
const object = (keys: Record<string, fc.Arbitrary<unknown>>) => fc.record(keys, { requiredKeys: [] });
const name = fc.oneof(fc.string(), fc.constantFrom('constructor', '__proto__', 'values'));
const named = (value: fc.Arbitrary<unknown>) => fc.oneof(any, fc.dictionary(name, fc.oneof(any, value)));
const values = object({ values: any, citations: any });
/** Half right and half wrong, the way a vendor's change would look; and anything at all. */
const result = fc.oneof(
  any,
  object({
    markdown: any,
    extraction_id: any,
    page_count: any,
    credits_used: any,
    plan_info: any,
    split_id: fc.oneof(any, fc.constant('s')),
    split_output: fc.oneof(any, object({ splits: named(fc.array(fc.nat())) })),
    schema_output: fc.oneof(any, values, named(values)),
    results: fc.oneof(any, named(values)),
    errors: named(object({ message: any })),
    tables_id: any,
    tables_output: fc.oneof(any, object({ tables: fc.oneof(any, fc.array(object({ from_chart: any }))) })),
    is_url: fc.oneof(any, fc.constant(true)),
    url: fc.oneof(any, fc.constant('not a url'), fc.constant('ftp://h/x')),
  }),
);
const job = fc.oneof(
  any,
  object({
    job_id: any,
    status: fc.oneof(any, fc.constantFrom('failed', 'completed', 'constructor')),
    result,
    error: fc.oneof(any, object({ code: any, message: any })),
    created_at: any,
  }),
);

function isMapped(map: () => unknown): boolean {
  try {
    map();
    return true;
  } catch (error) {
    if (!(error instanceof VendorError)) throw error;
    expect(error.facts).toMatchObject({ kind: 'invalid_reply', field: expect.any(String) as string });
    return false;
  }
}

async function outcomeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'mapped';
  } catch (error) {
    if (!(error instanceof VendorError)) throw error;
    return error.kind;
  }
}

it('a body over the limit is cut off and reported, whatever it is the answer to', async () => {
  const answer = { status: 200, body: { job_id: 'j', status: 'pending', error: 'x'.repeat(2_000) } };
  await withPulse(answer, { limits: { maxBodyBytes: 1_000 } }, async (provider) => {
    const calls = [
      () => provider.submit({ operation: 'parse', input: 'https://h/a' }, { marker: 'm' }, {}),
      () => provider.get('j', 'parse', {}),
      () => provider.cancel('j', {}),
      () => provider.probe({}),
    ];
    for (const call of calls) {
      const { kind, reason } = (await errorOf(call())).facts;
      expect([kind, reason]).toEqual(['invalid_reply', expect.stringMatching(/limit of 1000 bytes/)]);
    }
  });
});

describe('any JSON is either mapped or refused as an invalid reply', () => {
  it.each(OPERATIONS)('as the finished body of %s', (operation) => {
    const outcomes = new Set<boolean>();
    fc.assert(
      fc.property(result, (value) => {
        outcomes.add(isMapped(() => JSON.stringify(interpret(operation, 'j', value))));
      }),
      RUNS,
    );
    expect(outcomes, 'the generator makes good and bad bodies').toEqual(new Set([true, false]));
  });

  it('as a job', () => {
    const outcomes = new Set<boolean>();
    fc.assert(
      fc.property(job, (value) => {
        outcomes.add(isMapped(() => snapshotOf(parseWith(Job, value, 'GET /job/{id}'))));
      }),
      RUNS,
    );
    expect(outcomes).toEqual(new Set([true, false]));
  });

  it('as what a vendor sends: jobs and their bodies, acknowledgements, refusals', async () => {
    let next: { status: number; body: unknown } = { status: 200, body: {} };
    const reply = fc.oneof(
      job.map((body) => ({ status: 200, body })),
      result.map((body) => ({ status: 202, body })),
      fc.tuple(fc.constantFrom(400, 401, 403, 404, 410, 429, 500), any, any).map(([status, code, message]) => ({
        status,
        body: { error: { code, message }, message },
      })),
    );
    await withPulse(
      () => ({ status: next.status, body: JSON.stringify(next.body) }),
      {},
      async (provider) => {
        const seen = new Set<string>();
        const property = fc.asyncProperty(reply, fc.constantFrom(...OPERATIONS), async (sent, operation) => {
          next = sent;
          const takesDocument = operation === 'parse' || operation === 'pipeline';
          const input = takesDocument ? 'https://h/a' : EXTRACTION;
          seen.add(await outcomeOf(provider.submit({ operation, input }, { marker: 'm' }, {})));
          seen.add(await outcomeOf(provider.cancel('j', {})));
          seen.add(await outcomeOf(provider.probe({})));
          const read = provider.get('j', operation, {}).then(async (found) => {
            const { body } = found ?? {};
            return body?.kind === 'json' ? body.load({}) : body?.open({});
          });
          seen.add(await outcomeOf(read));
        });
        await fc.assert(property, { ...RUNS, numRuns: 150 });
        const kinds = ['mapped', 'invalid_reply', 'rejected', 'auth', 'reference_expired', 'rate_limited', 'server'];
        expect(seen).toEqual(new Set(kinds));
      },
    );
  });
});
