import fc from 'fast-check';
import { describe, it } from 'vitest';
import { checkProcessDocumentInput } from '../../src/jobs/check-input.js';
import { isJsonObject } from '../../src/jobs/json.js';
import { json, jsonObject, word } from '../support/arbitraries.js';
import { expect, RUNS } from '../support/properties.js';

const schema = jsonObject.map((rest) => ({ ...rest, type: 'object' }));
const sections = fc
  .uniqueArray(word, { minLength: 1, maxLength: 3 })
  .map((names) => names.map((name) => ({ name, description: `pages of ${name}` })));
const choice = fc.constantFrom;
/** Inputs that a careful client sends. */
const good = fc
  .record(
    {
      source: word,
      schema,
      sections,
      extractPerSection: fc.boolean(),
      options: fc.tuple(choice('parse', 'extract'), jsonObject).map(([name, own]) => ({ [name]: own })),
      polling: jsonObject,
      onFailure: choice('keep', 'cancel'),
      results: choice('inline', 'stored', 'auto'),
      onUnknownSubmit: choice('fail', 'resubmit'),
      repair: choice('once', 'never'),
      onRefusedKey: choice('wait', 'fail'),
      taskQueue: word,
    },
    { requiredKeys: ['source'] },
  )
  .map(({ extractPerSection = false, ...input }) => {
    const may = input.schema !== undefined && input.sections !== undefined && input.results !== 'stored';
    return { ...input, extractPerSection: extractPerSection && may };
  });

const notObject = json.filter((value) => !isJsonObject(value));
const notText = fc.oneof(fc.constantFrom('', ' ', '\n\t'), fc.integer(), fc.constant(null), jsonObject);
const blank = fc.constantFrom('', ' ', 0, null);
/** A field and a value that it can't have. */
const mistake: fc.Arbitrary<[string, unknown]> = fc.oneof(
  fc.tuple(fc.constant('source'), notText),
  fc.tuple(fc.constant('schema'), fc.oneof(notObject, jsonObject)),
  fc.tuple(fc.constant('sections'), fc.oneof(notObject, fc.constant([]), jsonObject)),
  fc.tuple(
    fc.constant('sections'),
    sections.map((list) => [...list, list[0]]),
  ),
  fc.tuple(
    fc.constant('sections'),
    fc.tuple(sections, blank).map(([list, name]) => [...list, { name, description: 'x' }]),
  ),
  fc.tuple(fc.constant('options'), notObject),
  fc.tuple(
    fc.constant('options'),
    notObject.map((parse) => ({ parse })),
  ),
  fc.tuple(fc.constant('polling'), notObject),
  fc.tuple(fc.constantFrom('onFailure', 'results', 'onUnknownSubmit', 'repair', 'onRefusedKey'), json),
);

describe('checkProcessDocumentInput', () => {
  it('takes every input that is right, whatever else it holds', () => {
    fc.assert(
      fc.property(good, word, json, (input, name, value) => {
        expect(checkProcessDocumentInput(input)).toBeNull();
        expect(checkProcessDocumentInput({ [`x${name}`]: value, ...input })).toBeNull();
      }),
      RUNS,
    );
  });

  it('names the field that is wrong', () => {
    fc.assert(
      fc.property(good, mistake, (input, [field, value]) => {
        const problem = checkProcessDocumentInput({ ...input, extractPerSection: false, [field]: value });
        expect(problem?.field.split('.')[0]).toBe(field);
        expect(problem?.reason).toMatch(/^expected /);
      }),
      RUNS,
    );
  });

  it('asks for both schema and sections, inline, before it extracts per section', () => {
    fc.assert(
      fc.property(good, (input) => {
        const may = 'schema' in input && 'sections' in input && input.results !== 'stored';
        const problem = checkProcessDocumentInput({ ...input, extractPerSection: true });
        expect(problem?.field ?? null).toBe(may ? null : 'extractPerSection');
      }),
      RUNS,
    );
  });

  it('answers any JSON with null or with a field and a reason', () => {
    const any = fc.record({ source: fc.constant('x'), schema: json, sections: fc.array(json), options: json });
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue({ maxDepth: 1 }), any), (input) => {
        const problem = checkProcessDocumentInput(input);
        if (problem !== null) expect([typeof problem.field, typeof problem.reason]).toEqual(['string', 'string']);
      }),
      RUNS,
    );
  });

  it('refuses a task queue that is no text: its activities would wait in no worker’s queue', () => {
    fc.assert(
      fc.property(good, fc.oneof(fc.integer(), fc.boolean(), jsonObject), (input, taskQueue) => {
        expect(checkProcessDocumentInput({ ...input, taskQueue })?.field).toBe('taskQueue');
      }),
      RUNS,
    );
  });
});
