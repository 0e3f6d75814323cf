import fc from 'fast-check';
import { describe, it } from 'vitest';
import type { OperationRequest } from '../../../src/jobs/activities.js';
import { defined } from '../../../src/jobs/defined.js';
import type { JsonObject } from '../../../src/jobs/json.js';
import type { Pages } from '../../../src/jobs/types.js';
import { checkRequest } from '../../../src/providers/pulse/check.js';
import { PULSE_OPERATIONS, type PulseOperation } from '../../../src/providers/pulse/operations.js';
import { buildBody } from '../../../src/providers/pulse/requests.js';
import { json, jsonObject, word } from '../../support/arbitraries.js';
import { expect, RUNS } from '../../support/properties.js';

const operation = fc.constantFrom(...(Object.keys(PULSE_OPERATIONS) as PulseOperation[]));
const id = fc.nat(9).map((digit) => `0000000${digit}-0000-4000-8000-000000000000`);
const url = fc.constantFrom('https://h/a.pdf', 'http://h/b.pdf');
const schema = jsonObject.map((rest) => ({ ...rest, type: 'object' }));
const page = fc.integer({ min: 1, max: 12 });
const pages: fc.Arbitrary<Pages> = fc.oneof(
  fc.array(page, { minLength: 1, maxLength: 8 }),
  fc.tuple(page, page).map(([start, more]) => ({ start, end: start + more })),
  page.map((end) => ({ end })),
);
const group = fc.oneof(jsonObject, fc.constant(null));
const common = {
  model: word,
  extensions: group,
  storage: fc.constantFrom({}, { enabled: true }, null),
  pages: fc.constant(null),
};
const options = fc.record({ ...common, schema_config: group, schema_prompt: word }, { requiredKeys: [] });
const FIELDS: Record<PulseOperation, Record<string, fc.Arbitrary<unknown>>> = {
  parse: { input: fc.oneof(url, word), pages: fc.option(pages, { nil: undefined }), options },
  extract: { input: fc.oneof(id, fc.array(id, { minLength: 1, maxLength: 2 })), schema, options },
  split: { input: id, sections: fc.constant([{ name: 'a', description: 'b' }]), options },
  tables: { input: id, options },
  pipeline: { input: url, options: options.map((rest) => ({ ...rest, steps: { extract: {} } })) },
};
/** As a careful client asks; an extract of a whole document or of a split's sections. */
const careful = fc.oneof(
  operation.chain((what) => fc.record(FIELDS[what]).map((rest) => ({ operation: what, ...defined(rest) }))),
  fc.record({
    operation: fc.constant('extract' as const),
    input: id,
    sectionSchemas: fc.dictionary(word, schema, { minKeys: 1, maxKeys: 2 }),
    options,
  }),
) as fc.Arbitrary<OperationRequest>;
const NAMES = ['operation', 'input', 'schema', 'sectionSchemas', 'sections', 'pages', 'options'];
const careless = fc
  .tuple(careful, fc.constantFrom(...NAMES), fc.oneof(json, url, id))
  .map(([asked, name, value]) => ({ ...asked, [name]: value })) as fc.Arbitrary<OperationRequest>;
const takes = (asked: OperationRequest): boolean => checkRequest(asked) === null;

/** The pages that a text such as `1-2,5` stands for. */
const pagesOf = (text: unknown): number[] =>
  String(text)
    .split(',')
    .flatMap((range) => {
      const [first = NaN, last = first] = range.split('-').map(Number);
      return Array.from({ length: last - first + 1 }, (_, index) => first + index);
    });

function checkSent(asked: OperationRequest): void {
  const body = buildBody(asked);
  const [reference] = [body.split_id, body.extraction_ids, body.extraction_id, body.file_url].filter(
    (one) => one != null,
  );
  expect([reference, body.async]).toEqual([asked.input, true]);
  const config = body.schema_config as JsonObject | undefined;
  if (asked.schema !== undefined) expect(config?.input_schema).toEqual(asked.schema);
  const topics = (body.split_schema_config ?? {}) as Record<string, JsonObject>;
  for (const [name, one] of Object.entries(asked.sectionSchemas ?? {})) expect(topics[name]?.schema).toEqual(one);
  if (asked.sections !== undefined) expect(body.split_config).toEqual({ split_input: asked.sections });
}

describe('checkRequest', () => {
  it('takes what a careful client asks, and names the field that it refuses of another', () => {
    fc.assert(
      fc.property(careful, careless, (good, odd) => {
        expect(checkRequest(good)).toBeNull();
        expect(NAMES).toContain(checkRequest(odd)?.field.split('.')[0] ?? 'input');
      }),
      RUNS,
    );
  });

  it('lets nothing pass that would be sent otherwise than it was asked', () => {
    fc.assert(fc.property(fc.oneof(careful, careless).filter(takes), checkSent), RUNS);
  });

  it('nor when a client writes null for the field that it leaves to us', () => {
    const left = fc.constantFrom('file_url', 'extraction_id', 'extraction_ids', 'split_id', 'split_config');
    const asked = fc.tuple(careful, left).map(([one, name]) => ({ ...one, options: { ...one.options, [name]: null } }));
    fc.assert(fc.property(asked.filter(takes), checkSent), RUNS);
  });
});

describe('buildBody', () => {
  it('writes exactly the pages that were asked for, in the vendor’s short form', () => {
    fc.assert(
      fc.property(pages, (asked) => {
        const { pages: text } = buildBody({ operation: 'parse', input: 'https://h/a', pages: asked });
        const [first, last] = Array.isArray(asked) ? [] : [asked.start ?? 1, asked.end ?? asked.start ?? 1];
        const expected = Array.isArray(asked) ? [...new Set(asked)].sort((a, b) => a - b) : pagesOf(`${first}-${last}`);
        expect(pagesOf(text)).toEqual(expected);
        expect(text).toMatch(/^\d+(-\d+)?(,\d+(-\d+)?)*$/);
      }),
      RUNS,
    );
  });
});
