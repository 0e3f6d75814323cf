import { expect, it } from 'vitest';
import { compareConfig } from '../../../src/providers/reducto/same-config.js';

const sent = {
  input: 'https://h/a.pdf?X-Amz-Signature=abc',
  settings: { model: 'r-1', page_range: [1, 2], document_password: { secret: 'name' } },
  async: { metadata: { documentJobs: { marker: 'm' } }, priority: true },
};

it.each([
  ['as it was sent', sent, 'same'],
  ['with more in it', { ...sent, queue_priority: 'auto', settings: { ...sent.settings, timeout: null } }, 'same'],
  [
    'without metadata and password',
    { ...sent, settings: { model: 'r-1', page_range: [1, 2] }, async: { priority: true } },
    'same',
  ],
  ['without its signature', { ...sent, input: 'https://h/a.pdf' }, 'unclear'],
  ['with another input', { ...sent, input: 'https://h/b.pdf' }, 'other'],
  ['with an input that only begins like ours', { ...sent, input: 'https://h/a' }, 'other'],
  ['with another model', { ...sent, settings: { ...sent.settings, model: 'legacy' } }, 'unclear'],
  ['with other pages', { ...sent, settings: { ...sent.settings, page_range: [1] } }, 'unclear'],
  ['without its settings', { input: sent.input }, 'unclear'],
  ['without its input', { settings: sent.settings }, 'unclear'],
  ['as nothing', '', 'unclear'],
  ['as no JSON', 'input=x', 'unclear'],
  ['as a list', '[]', 'unclear'],
])('a job shown %s', (_what, shown, verdict) => {
  expect(compareConfig(typeof shown === 'string' ? shown : JSON.stringify(shown), sent)).toBe(verdict);
});

it.each([
  [
    'an upload, as an object',
    'reducto://8f1c.pdf',
    { input: { file_id: 'reducto://8f1c.pdf', presigned_url: null } },
    'unclear',
  ],
  ['an upload, as storage calls it', 'reducto://8f1c.pdf', { input: 's3://bucket/uploads/8f1c.pdf' }, 'unclear'],
  ['another upload', 'reducto://8f1c.pdf', { input: 's3://bucket/uploads/9a2d.pdf' }, 'other'],
  ['a parsed document', 'jobid://77aa', { input: 'jobid://77aa' }, 'same'],
  ['a list, all of it', ['https://h/a', 'https://h/b'], { input: ['https://h/a', 'https://h/b'] }, 'same'],
  ['a list, some of it', ['https://h/a', 'https://h/b'], { input: ['https://h/a'] }, 'other'],
  ['a document to edit', 'https://h/a', { document_url: 'https://h/a' }, 'unclear'],
])('an input of %s', (_what, input, shown, verdict) => {
  expect(compareConfig(JSON.stringify(shown), { input })).toBe(verdict);
});
