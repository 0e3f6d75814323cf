import fc from 'fast-check';
import { describe, it } from 'vitest';
import { interpret, interpretPointer, usageOf } from '../../../src/providers/pulse/interpret.js';
import { json, word } from '../../support/arbitraries.js';
import { expect, RUNS } from '../../support/properties.js';

const figure = fc.option(fc.nat(500));
/** Figures come as numbers or as text. */
const billing = fc.tuple(figure, figure, fc.boolean()).map(([pages, credits, isText]) => {
  const write = (value: number | null) => (value !== null && isText ? String(value) : value);
  return { given: { page_count: write(pages), credits_used: write(credits) }, usage: { pages, credits } };
});

describe('interpret', () => {
  it('reads usage from figures and from text, and a parse’s reference and pages', () => {
    fc.assert(
      fc.property(billing, fc.option(word), word, ({ given, usage }, id, text) => {
        const body = { ...given, extraction_id: id, markdown: text, extraction_url: text };
        const parse = interpret('parse', 'j', body);
        expect(parse).toEqual({ usage, pageCount: usage.pages, ...(id === null ? {} : { reference: id }) });
        expect(usageOf({})).toEqual({ pages: null, credits: null });
      }),
      RUNS,
    );
  });

  it('gives each section its pages once, in their order', () => {
    const pages = fc.option(fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 6 }));
    fc.assert(
      fc.property(fc.dictionary(word, pages, { maxKeys: 4 }), word, (splits, id) => {
        const { sections = [], reference } = interpret('split', 'j', { split_id: id, split_output: { splits } });
        expect(reference).toBe(id);
        const expected = Object.entries(splits).map(([name, list]) => ({
          name,
          pages: [...new Set(list ?? [])].sort((a, b) => a - b),
        }));
        expect(sections).toEqual(expected);
      }),
      RUNS,
    );
  });

  it('has for each section a value or a problem, never both and never twice', () => {
    const value = fc.record({ values: json, citations: json }, { requiredKeys: ['values'] });
    const results = fc.dictionary(word, value, { maxKeys: 3 });
    const errors = fc.dictionary(word, fc.oneof(json, fc.constant({ message: 'no' })), { maxKeys: 3 });
    fc.assert(
      fc.property(results, errors, fc.boolean(), (good, bad, isSample) => {
        const body = { split_id: 's', [isSample ? 'schema_output' : 'results']: good, errors: bad };
        const { sectionValues = [] } = interpret('extract', 'j', body);
        const failed = Object.keys(bad).filter((name) => bad[name] !== null);
        const names = sectionValues.map(({ name }) => name);
        expect([...names].sort()).toEqual([...new Set([...Object.keys(good), ...failed])].sort());
        for (const { name, problem, ...rest } of sectionValues) {
          expect([problem !== undefined, 'data' in rest]).toEqual([failed.includes(name), !failed.includes(name)]);
        }
      }),
      RUNS,
    );
  });

  it('gives an extract’s value as it is', () => {
    fc.assert(
      fc.property(json, json, (values, citations) => {
        const result = interpret('extract', 'j', { schema_id: 's', schema_output: { values, citations } });
        expect(result).toEqual({
          usage: { pages: null, credits: null },
          data: values,
          ...(citations === null ? {} : { citations }),
        });
      }),
      RUNS,
    );
  });

  it('lets nothing of a document’s text travel of tables and pipelines', () => {
    const text = word.map((inner) => `private-${inner}`);
    fc.assert(
      fc.property(text, fc.array(fc.boolean(), { maxLength: 3 }), word, (secret, charts, id) => {
        const tables = charts.map((from_chart) => ({ from_chart, content: secret }));
        const tablesBody = { tables_id: id, tables_output: { tables } };
        const found = interpret('tables', 'j', tablesBody).value;
        expect(found).toEqual({ tables_id: id, tables: charts.length, charts: charts.filter(Boolean).length });
        const step = { markdown: secret, tables_output: tables, extraction_id: id, tables_id: id, [id]: secret };
        const results = { extract: step, tables: step, unknown: step, text: secret };
        expect(JSON.stringify(interpret('pipeline', 'j', { results }))).not.toContain(secret);
      }),
      RUNS,
    );
  });
});

describe('interpretPointer', () => {
  it('is enough when it has the reference, and of no use without', () => {
    fc.assert(
      fc.property(billing, fc.option(word), ({ given, usage }, id) => {
        const figures = { page_count: usage.pages, credits_used: usage.credits };
        const pointer = { is_url: true as const, url: 'https://h/x', ...given, ...figures, extraction_id: id };
        const told = id === null ? undefined : { usage, reference: id, pageCount: usage.pages };
        expect(interpretPointer(pointer)).toEqual(told);
      }),
      RUNS,
    );
  });
});
