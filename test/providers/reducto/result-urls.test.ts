import { expect, it } from 'vitest';
import type { Operation } from '../../../src/jobs/types.js';
import { resolveUrls } from '../../../src/providers/reducto/result-urls.js';

const at = (url: string) => ({ type: 'url', url, result_id: 'r' });
const chunks = [{ content: 'c', embed: 'c', blocks: [] }];
const full = { type: 'full', chunks, ocr: null, custom: null };
const records = [{ blocks: [], embed: 'of the user' }];

it.each([
  ['parse', 'the full result', { result: at('u1') }, { u1: full }, { result: full }],
  ['parse', 'a list of chunks', { result: at('u1') }, { u1: chunks }, { result: full }],
  ['parse', 'no chunks', { result: at('u1') }, { u1: [] }, { result: { ...full, chunks: [] } }],
  [
    'parse',
    'a body around it',
    { result: at('u1') },
    { u1: { response_type: 'parse', result: full } },
    { result: full },
  ],
  ['extract', 'the bare value', { result: at('u1') }, { u1: records }, { result: records }],
  [
    'extract',
    'a body around it',
    { result: at('u1') },
    { u1: { response_type: 'extract', result: records } },
    { result: records },
  ],
  [
    'extract',
    'both fields',
    { result: at('u1'), citations: at('u2') },
    { u1: [{}], u2: [[]] },
    { result: [{}], citations: [[]] },
  ],
  ['extract', 'a user’s own url', { result: { type: 'url', url: 'u1' } }, {}, { result: { type: 'url', url: 'u1' } }],
  [
    'split',
    'the bare value',
    { usage: 1, result: at('u1') },
    { u1: { splits: [] } },
    { usage: 1, result: { splits: [] } },
  ],
  ['split', 'nothing behind URLs', { result: { splits: [] } }, {}, { result: { splits: [] } }],
] as [Operation, string, object, Record<string, unknown>, object][])(
  '%s: %s',
  async (operation, _what, body, served, resolved) => {
    const fetched: string[] = [];
    const seen = await resolveUrls(body, operation, async (url) => {
      fetched.push(url);
      return served[url];
    });
    expect(seen).toEqual(resolved);
    expect(fetched).toEqual(Object.keys(served));
  },
);

it('looks into what a pipeline ran', async () => {
  const body = {
    result: {
      parse: [{ result: at('p') }],
      extract: [{ split_name: 's', page_range: [1], result: { result: at('e') } }],
      split: { result: at('s') },
      edit: null,
    },
  };
  const served: Record<string, unknown> = { p: chunks, e: records, s: { splits: [] } };
  expect(await resolveUrls(body, 'pipeline', async (url) => served[url])).toEqual({
    result: {
      parse: [{ result: full }],
      extract: [{ split_name: 's', page_range: [1], result: { result: records } }],
      split: { result: { splits: [] } },
      edit: null,
    },
  });
});

it('leaves what is no object alone', async () => {
  expect(await resolveUrls(null, 'parse', async () => 1)).toBeNull();
});
