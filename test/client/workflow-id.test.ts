import { describe, expect, it } from 'vitest';
import { documentWorkflowId } from '../../src/client/workflow-id.js';
import type { ProcessDocumentInput } from '../../src/jobs/process-document.js';

const input: ProcessDocumentInput = {
  source: 'file:///a.pdf',
  schema: { type: 'object', properties: { a: { type: 'string' }, b: { type: 'string' } } },
  sections: [{ name: 'lines', description: 'line items' }],
  options: { parse: { x: 1 } },
};
const id = (change: Partial<ProcessDocumentInput> = {}, content = 'hash'): string =>
  documentWorkflowId(content, { ...input, ...change });

describe('documentWorkflowId', () => {
  it('is the same for the same question about the same content', () => {
    const reordered = { type: 'object', properties: { b: { type: 'string' }, a: { type: 'string' } } };
    expect(id()).toMatch(/^document-[0-9a-f]{32}$/);
    expect(id({ schema: reordered })).toBe(id());
    expect(id({ source: 'file:///elsewhere/copy.pdf', deadline: '5m', polling: { expected: '3s' } })).toBe(id());
    expect(id({ provider: 'reducto', account: 'reducto' })).toBe(id());
  });

  it.each<[string, Partial<ProcessDocumentInput>]>([
    ['the schema', { schema: { type: 'object' } }],
    ['the sections', { sections: [{ name: 'lines', description: 'something else' }] }],
    ['the options', { options: { parse: { x: 2 } } }],
    ['the pages', { pages: [1] }],
    ['one extract a section', { extractPerSection: true }],
    ['the account', { account: 'eu' }],
    ['the provider', { provider: 'other', account: 'reducto' }],
  ])('differs by %s', (_what, change) => {
    expect(id(change)).not.toBe(id());
  });

  it('differs by content', () => {
    expect(id({}, 'other')).not.toBe(id());
  });
});
