import fc from 'fast-check';
import { describe, it } from 'vitest';
import { documentWorkflowId } from '../../src/client/workflow-id.js';
import type { ProcessDocumentInput } from '../../src/jobs/process-document.js';
import { json, jsonObject, word } from '../support/arbitraries.js';
import { expect, RUNS } from '../support/properties.js';

const pages = fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 3 });
const asked = fc.record(
  {
    source: word,
    provider: fc.constantFrom('reducto', 'pulse'),
    account: word,
    schema: jsonObject,
    sections: fc.array(fc.record({ name: word, description: word }), { maxLength: 2 }),
    extractPerSection: fc.boolean(),
    pages,
    options: fc.record({ parse: jsonObject, split: jsonObject }, { requiredKeys: [] }),
  },
  { requiredKeys: ['source', 'provider'] },
) as unknown as fc.Arbitrary<ProcessDocumentInput>;
const hash = word;
const PAID_FOR = ['account', 'schema', 'sections', 'extractPerSection', 'pages', 'options'] as const;

/** The same value with the fields of every object the other way round. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).reverse();
  return Object.fromEntries(entries.map(([key, inner]) => [key, reversed(inner)]));
}

describe('documentWorkflowId', () => {
  it('does not depend on where the file lies, how it is waited for, or the order of fields', () => {
    const free = fc.record({ source: word, deadline: word, polling: jsonObject, taskQueue: word, onFailure: json });
    fc.assert(
      fc.property(hash, asked, free, (contentHash, input, changes) => {
        const id = documentWorkflowId(contentHash, input);
        const other = reversed({ ...input, ...changes }) as ProcessDocumentInput;
        expect(documentWorkflowId(contentHash, other)).toBe(id);
        expect(id).toMatch(/^document-[0-9a-f]{32}$/);
      }),
      RUNS,
    );
  });

  it('is another for another content, account or question', () => {
    fc.assert(
      fc.property(hash, hash, asked, asked, fc.subarray([...PAID_FOR]), (content, other, input, more, taken) => {
        const changed = { ...input, ...Object.fromEntries(taken.map((field) => [field, more[field]])) };
        const question = (one: ProcessDocumentInput): string =>
          JSON.stringify(PAID_FOR.map((field) => (field === 'account' ? (one.account ?? one.provider) : one[field])));
        const same = question(changed) === question(input);
        const id = documentWorkflowId(content, input);
        expect(documentWorkflowId(content, changed) === id).toBe(same);
        expect(documentWorkflowId(other, input) === id).toBe(other === content);
      }),
      RUNS,
    );
  });
});
