import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { checkProcessDocumentInput } from '../../src/jobs/check-input.js';

const schema = { type: 'object', properties: {} };
const sections = [{ name: 'a', description: 'b' }];

describe('checkProcessDocumentInput', () => {
  it.each([
    [undefined, 'input'],
    ['x', 'input'],
    [[], 'input'],
    [{}, 'source'],
    [{ source: ' ' }, 'source'],
    [{ source: 5 }, 'source'],
    [{ source: 'x', schema: { type: 'array' } }, 'schema'],
    [{ source: 'x', sections: [] }, 'sections'],
    [{ source: 'x', sections: [...sections, ...sections] }, 'sections'],
    [{ source: 'x', sections: [{ name: 'a' }] }, 'sections'],
    [{ source: 'x', extractPerSection: true, schema }, 'extractPerSection'],
    [{ source: 'x', extractPerSection: true, schema, sections, results: 'stored' }, 'extractPerSection'],
    [{ source: 'x', options: null }, 'options'],
    [{ source: 'x', options: { parse: 1 } }, 'options.parse'],
    [{ source: 'x', polling: [] }, 'polling'],
    [{ source: 'x', results: 'both' }, 'results'],
    [{ source: 'x', onFailure: 'stop' }, 'onFailure'],
  ])('refuses %j for %s', (input, field) => expect(checkProcessDocumentInput(input)?.field).toBe(field));

  it('takes a whole good input', () => {
    const input = {
      source: 'https://x/y.pdf',
      schema,
      sections,
      extractPerSection: true,
      deadline: '30m',
      jobDeadline: 5_000,
      maxResubmits: 0,
      results: 'inline',
      onFailure: 'cancel',
      onUnknownSubmit: 'resubmit',
    };
    expect(checkProcessDocumentInput(input)).toBeNull();
  });

  it('never throws, whatever JSON comes', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (input) => void checkProcessDocumentInput(input)),
      { numRuns: 2_000 },
    );
    fc.assert(
      fc.property(
        fc.record({
          source: fc.constant('x'),
          schema: fc.jsonValue(),
          sections: fc.jsonValue(),
          deadline: fc.jsonValue(),
        }),
        (input) => void checkProcessDocumentInput(input),
      ),
      { numRuns: 2_000 },
    );
  });
});
