import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { parseJson, parseWith } from '../../../src/providers/http/parse-reply.js';
import { interpret } from '../../../src/providers/reducto/interpret.js';
import { REDUCTO_OPERATIONS, type ReductoOperation } from '../../../src/providers/reducto/operations.js';
import { resolveUrls } from '../../../src/providers/reducto/result-urls.js';
import { Job, JobList, Submitted, Uploaded } from '../../../src/providers/reducto/schemas.js';
import { snapshotOf } from '../../../src/providers/reducto/statuses.js';
import { VendorError } from '../../../src/providers/vendor-error.js';

const RUNS = { seed: 20261124, numRuns: 300 };
const OPERATIONS = Object.keys(REDUCTO_OPERATIONS) as ReductoOperation[];

const any = fc.oneof(fc.jsonValue(), fc.constantFrom(null, '', 0, [], {}, 'toString', [null], [{}]));
const object = (keys: Record<string, fc.Arbitrary<unknown>>) => fc.record(keys, { requiredKeys: [] });
const usage = fc.oneof(any, object({ num_pages: any, credits: any }));
const sections = object({
  name: fc.oneof(any, fc.string(), fc.constantFrom('constructor', '__proto__')),
  pages: fc.oneof(any, fc.array(fc.oneof(any, fc.nat(), object({ page_number: any })))),
});
const leaf = object({ value: any, citations: fc.oneof(any, fc.array(fc.oneof(any, object({ bbox: any })))) });
const result = fc.oneof(
  any,
  leaf,
  fc.array(fc.dictionary(fc.string(), leaf)),
  object({ chunks: any }),
  object({
    splits: fc.oneof(any, fc.array(sections)),
    section_mapping: fc.oneof(any, fc.dictionary(fc.string(), any)),
  }),
  object({ type: fc.constant('url'), url: any, result_id: any }),
);
/** Half right and half wrong, the way a vendor's change would look; and anything at all. */
const body = fc.oneof(any, object({ usage, result, citations: any, response_type: any }));
const job = fc.oneof(
  any,
  object({
    status: fc.oneof(any, fc.constantFrom('Failed', 'Completed', 'constructor')),
    result: body,
    progress: any,
    reason: any,
    error: fc.oneof(any, object({ name: any, message: any })),
  }),
);

function isMapped(map: () => unknown, endpoint: string): boolean {
  try {
    map();
    return true;
  } catch (error) {
    if (!(error instanceof VendorError)) throw error;
    expect(error.facts).toMatchObject({ kind: 'invalid_reply', endpoint, field: expect.any(String) as string });
    return false;
  }
}

describe('any JSON is either mapped or refused as an invalid reply', () => {
  it.each(OPERATIONS)('as the finished body of %s', (operation) => {
    const outcomes = new Set<boolean>();
    fc.assert(
      fc.property(body, (value) => {
        outcomes.add(isMapped(() => JSON.stringify(interpret(operation, 'j', value)), 'GET /job/{id}'));
      }),
      RUNS,
    );
    expect(outcomes, 'the generator makes good and bad bodies').toEqual(new Set([true, false]));
  });

  it.each(OPERATIONS)('when URLs of %s are resolved to it', async (operation) => {
    await fc.assert(
      fc.asyncProperty(body, body, async (value, fetched) => {
        const resolved = await resolveUrls(value, operation, async () => fetched);
        isMapped(() => interpret(operation, 'j', resolved), 'GET /job/{id}');
      }),
      { ...RUNS, numRuns: 100 },
    );
  });

  it('as a job', () => {
    fc.assert(
      fc.property(job, (value) => void isMapped(() => snapshotOf(parseWith(Job, value, 'GET /x')), 'GET /x')),
      RUNS,
    );
  });

  it.each([
    ['submit', Submitted, object({ job_id: any })],
    ['upload', Uploaded, object({ file_id: any, presigned_url: any })],
    [
      'list',
      JobList,
      object({
        jobs: fc.oneof(any, fc.array(object({ job_id: fc.string(), status: any, created_at: any }))),
        next_cursor: any,
      }),
    ],
  ] as [string, z.ZodType, fc.Arbitrary<unknown>][])('as the answer to a %s', (_what, schema, reply) => {
    fc.assert(
      fc.property(fc.oneof(any, reply), (value) => void isMapped(() => parseWith(schema, value, 'GET /x'), 'GET /x')),
      RUNS,
    );
  });

  it('and text that is no JSON is refused without being quoted', () => {
    for (const text of ['', '<html>secret</html>', 'secret', '{"a":secret']) {
      let message = '';
      isMapped(() => {
        try {
          parseJson(text, 'GET /x');
        } catch (error) {
          message = (error as Error).message;
          throw error;
        }
      }, 'GET /x');
      expect(message).toMatch(/^GET \/x: expected JSON, got (HTML|an empty body|no JSON)$/);
    }
  });
});
