import fc from 'fast-check';
import { describe, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../../src/jobs/json.js';
import { isJsonObject } from '../../../src/jobs/json.js';
import { classifyValue, editValue, pipelineValue } from '../../../src/providers/reducto/inline-value.js';
import { interpret } from '../../../src/providers/reducto/interpret.js';
import { resolveUrls } from '../../../src/providers/reducto/result-urls.js';
import { jsonObject, word } from '../../support/arbitraries.js';
import { expect, RUNS } from '../../support/properties.js';

const figure = fc.option(fc.nat(99));
const usage = fc.record({ num_pages: figure, credits: figure });

/** A user's own value, whose fields may be called as the vendor's wrapper is. */
const plainLeaf = fc.constantFrom<JsonValue>(null, true, 0, 'a', '');
const field = fc.constantFrom('total', 'value', 'citations', 'result', 'usage');
const level = (inner: fc.Arbitrary<JsonValue>): fc.Arbitrary<JsonValue> =>
  fc.oneof(plainLeaf, fc.dictionary(field, inner, { maxKeys: 2 }), fc.array(inner, { maxLength: 2 }));
const record = fc.dictionary(field, level(level(plainLeaf)), { minKeys: 1, maxKeys: 3 }) as fc.Arbitrary<JsonObject>;
/** The vendor's wrapper around a value without citations can't be told from a user's own of that shape. */
const own = record.filter((value) => !JSON.stringify(value).includes('"citations":[]'));

/** The value as the vendor gives it with citations; `cited` tells them by their paths. */
function wrap(value: JsonValue, path: string, cited: Map<string, JsonValue>): JsonValue {
  if (Array.isArray(value)) return value.map((one, index) => wrap(one, `${path}/${index}`, cited));
  if (isJsonObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, wrap(one, `${path}/${key}`, cited)]));
  }
  const citations = [{ bbox: { left: 0, page: 1 }, content: path }];
  cited.set(path, citations);
  return { value, citations };
}

const at = (value: JsonValue | undefined, path: string): unknown =>
  path
    .split('/')
    .slice(1)
    .reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], value);

describe('interpret an extract', () => {
  it('gives the plain value and beside it every citation at its place, in either form of the result', () => {
    fc.assert(
      fc.property(own, fc.boolean(), usage, (value, isList, paid) => {
        const cited = new Map<string, JsonValue>();
        const result = wrap(value, '', cited);
        const { data, citations } = interpret('extract', 'j', { usage: paid, result: isList ? [result] : result });
        expect(data).toEqual(value);
        expect([...cited].filter(([path, given]) => at(citations, path) !== given)).toEqual([]);
      }),
      RUNS,
    );
  });

  it('leaves a user’s own value as it is, whatever its fields are called', () => {
    fc.assert(
      fc.property(own, usage, (value, paid) => {
        const { data, citations } = interpret('extract', 'j', { usage: paid, result: [value] });
        expect(data).toEqual(value);
        expect(citations).toBeUndefined();
      }),
      RUNS,
    );
  });
});

describe('interpret a split', () => {
  const page = fc.integer({ min: 1, max: 30 });
  const pages = fc.option(
    fc.array(
      fc.oneof(
        page,
        page.map((page_number) => ({ page_number })),
      ),
      { maxLength: 6 },
    ),
  );

  it('gives each section its pages once, in their order, whichever way they are written', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ name: word, pages }), { maxLength: 4 }), fc.boolean(), (splits, isMapped) => {
        const numbersOf = (list: (typeof splits)[number]['pages']): number[] =>
          (list ?? []).map((one) => (typeof one === 'number' ? one : one.page_number));
        const mapping = Object.fromEntries(splits.map((one) => [one.name, numbersOf(one.pages)]));
        const result = isMapped ? { section_mapping: mapping } : { splits };
        const { sections = [] } = interpret('split', 'j', { result });
        const expected = isMapped
          ? Object.entries(mapping)
          : splits.map((one) => [one.name, numbersOf(one.pages)] as const);
        expect(sections.map(({ name }) => name)).toEqual(expected.map(([name]) => name));
        sections.forEach((section, index) => {
          const given = expected[index]?.[1] ?? [];
          expect(section.pages).toEqual([...new Set(given)].sort((a, b) => a - b));
        });
      }),
      RUNS,
    );
  });
});

describe('inline values', () => {
  it('never take the vendor’s links and usage along, nor a pipeline’s parse', () => {
    const secret = word.map((inner) => `https://signed/${inner}`);
    fc.assert(
      fc.property(jsonObject, secret, fc.boolean(), (kept, signed, isList) => {
        const around = { usage: { num_pages: 1 }, studio_link: signed, pdf_url: signed };
        const body = { ...kept, ...around };
        const section = { split_name: 's', result: body };
        const pipeline = { parse: { ...body, text: signed }, extract: isList ? [section, body] : body, split: body };
        const values = [
          classifyValue(body),
          editValue({ ...body, document_url: signed }),
          pipelineValue({ result: pipeline }),
        ];
        expect(JSON.stringify(values)).not.toContain(signed);
        expect(values[1]).toEqual(kept);
      }),
      RUNS,
    );
  });
});

describe('resolveUrls', () => {
  it('leaves no signed URL where a result may lie behind one, and asks for each once', async () => {
    const pointer = fc.nat(9).map((id) => ({ type: 'url', url: `https://signed/${id}`, result_id: `r${id}` }));
    const value = fc.oneof(pointer, jsonObject);
    const body = fc.record({ result: value, citations: value, other: jsonObject }, { requiredKeys: [] });
    const inner = fc.oneof(
      body,
      fc.array(
        fc.oneof(
          body,
          body.map((result) => ({ split_name: 's', result })),
        ),
      ),
    );
    const steps = fc.record({ parse: inner, extract: inner, edit: body }, { requiredKeys: [] });
    const given = fc.oneof(
      fc.tuple(fc.constant('extract' as const), body),
      fc.tuple(fc.constant('pipeline' as const), fc.record({ result: fc.oneof(steps, steps, pointer) })),
    );
    await fc.assert(
      fc.asyncProperty(given, async ([operation, whole]) => {
        const asked: string[] = [];
        const resolved = await resolveUrls(whole, operation, async (url) => (asked.push(url), { fetched: true }));
        const count = (value: unknown): number => JSON.stringify(value).split('"https://signed/').length - 1;
        expect([count(resolved), asked.length]).toEqual([0, count(whole)]);
      }),
      RUNS,
    );
  });
});
