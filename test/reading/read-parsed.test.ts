import { readWhole } from '../../src/json-stream/index.js';
import { describe, expect, it } from 'vitest';
import { isDocumentFailure, pulse, readParsed, type ReductoContent } from '../../src/index.js';
import { bodyOfUrlParse } from '../../src/providers/reducto/url-parse.js';
import { listOf, stored } from './store-of.js';

const SECRET = 'Jane Doe, 1 Main Street';
const bbox = (page: number, original = page) => ({
  left: 0,
  top: 0,
  width: 1,
  height: 1,
  page,
  original_page: original,
});
const block = (page: number, type = 'Text') => ({ type, bbox: bbox(page), content: `${type} ${page}` });
const chunk = (...blocks: object[]) => ({ content: SECRET, embed: SECRET, enriched: null, blocks });
const reductoBody = (...chunks: unknown[]) => ({
  job_id: 'j',
  result: { type: 'full', chunks, ocr: null, custom: null },
});

function reducto(body: unknown, over: Parameters<typeof stored>[2] = {}): ReductoContent & { seen: object } {
  const { store, ref, seen } = stored('reducto', body, over);
  const content = readParsed(store, { stored: ref });
  if (content.provider !== 'reducto') throw new Error(content.provider);
  return { ...content, seen };
}

async function failing(items: AsyncIterable<unknown>) {
  const error: unknown = await listOf(items).catch((reason: unknown) => reason);
  if (!isDocumentFailure(error)) throw error;
  expect(JSON.stringify([error.message, error.details])).not.toContain(SECRET);
  return error;
}

describe('readParsed', () => {
  it('reads nothing before it is iterated, anew each time, and lets go when it is left', async () => {
    const content = reducto(reductoBody(chunk(block(1), block(2))), { at: [300, 900] });
    const blocks = content.blocks();
    expect(content.seen).toEqual({ opened: 0, closed: 0 });
    for await (const _block of blocks) break;
    expect(content.seen).toEqual({ opened: 1, closed: 1 });
    for await (const _piece of content.text()) break;
    for await (const _page of content.pages()) break;
    expect(await listOf(blocks)).toHaveLength(2);
    expect(await listOf(blocks)).toHaveLength(2);
    expect(content.seen).toEqual({ opened: 5, closed: 5 });
  });

  it('gives a page once when chunks span pages and go back', async () => {
    const body = reductoBody(
      chunk(block(2), block(3)),
      chunk(block(3, 'Table'), block(1)),
      { content: '', blocks: null },
      { content: '' },
      chunk(block(2, 'Figure')),
    );
    const pages = await listOf(reducto(body).pages());
    expect(pages.map(({ page, blocks }) => [page, blocks.map(({ content }) => content)])).toEqual([
      [1, ['Text 1']],
      [2, ['Text 2', 'Figure 2']],
      [3, ['Text 3', 'Table 3']],
    ]);
  });

  it('says which page of the document a page is, when only some were parsed', async () => {
    const body = reductoBody(chunk({ ...block(1), bbox: bbox(1, 7) }), chunk({ ...block(2), bbox: bbox(2, 9) }));
    expect((await listOf(reducto(body).pages())).map(({ page, originalPage }) => [page, originalPage])).toEqual([
      [1, 7],
      [2, 9],
    ]);
  });

  it.each(['result', 'chunks'])('reads a parse that lay behind a URL as %s', async (shape) => {
    const { result, ...around } = reductoBody(chunk(block(1)), chunk(block(2)));
    const behind = Buffer.from(JSON.stringify(shape === 'result' ? result : result.chunks));
    const url = { type: 'url', url: 'https://x.test/signed', result_id: 'r' };
    async function* fetched(): AsyncGenerator<Uint8Array> {
      yield behind;
    }
    const whole = await readWhole(bodyOfUrlParse({ ...around, result: url }, fetched()));
    expect(await listOf(reducto(Buffer.from(whole).toString()).blocks())).toEqual([block(1), block(2)]);
  });

  it('holds nothing of what nobody asked for, at any depth', async () => {
    const deep = `${'['.repeat(3_000)}${']'.repeat(3_000)}`;
    const body = `{"x":${deep},"result":{"y":{"chunks":[{"blocks":[{}]}]},"chunks":[{"z":${deep},"blocks":[${JSON.stringify(block(1))}],"content":"c"}]}}`;
    expect(await listOf(reducto(body).blocks())).toEqual([block(1)]);
    expect(await listOf(reducto(body).text())).toEqual(['c']);
  });

  it.each<[string, unknown, string, RegExp]>([
    ['an extract', { result: [{ total: SECRET }] }, 'result', /expected an object/],
    ['an extract of one object', { result: { total: SECRET } }, 'result.chunks', /not there/],
    ['a split', { result: { splits: [], section_mapping: {} } }, 'result.chunks', /not there/],
    ['no chunks', { result: { type: 'full', chunks: null } }, 'result.chunks', /not there/],
    ['chunks of another kind', { result: { chunks: { secret: SECRET } } }, 'result.chunks', /expected a list/],
    [
      'a URL that nobody followed',
      { result: { type: 'url', url: SECRET, result_id: 'r' } },
      'result.chunks',
      /not there/,
    ],
    ['null', null, 'result.chunks', /not there/],
    ['text', JSON.stringify(SECRET), '', /expected an object/],
    ['an empty object', {}, 'result.chunks', /not there/],
    ['a chunk that is none', reductoBody(chunk(), SECRET), 'result.chunks.1', /expected an object/],
    [
      'blocks of another kind',
      reductoBody(chunk(), { content: SECRET, blocks: 7 }),
      'result.chunks.1.blocks',
      /expected a list/,
    ],
    [
      'a block that is none',
      reductoBody(chunk(block(1), { type: SECRET })),
      'result.chunks.0.blocks.1.bbox',
      /expected object/,
    ],
    [
      'a page that is none',
      reductoBody(chunk({ ...block(1), bbox: { ...bbox(1), page: SECRET } })),
      'result.chunks.0.blocks.0.bbox.page',
      /expected/,
    ],
    [
      'a URL that is none',
      reductoBody(chunk({ ...block(1), image_url: { SECRET } })),
      'result.chunks.0.blocks.0.image_url',
      /expected string/,
    ],
    ['half a body', `{"result":{"chunks":[{"content":"${SECRET}"`, '', /cut off/],
  ])('%s is no parse of the one vendor', async (_what, body, field, words) => {
    const { type, details, message } = await failing(reducto(body).blocks());
    expect(type).toBe('DocumentReplyInvalid');
    expect(details).toMatchObject({ provider: 'reducto', account: 'acc', operation: 'parse', jobId: 'job-1', field });
    expect(message).toMatch(words);
    await failing(reducto(body).pages());
  });

  it.each<[string, unknown, string]>([
    ['a split', { split_id: 's', split_output: { splits: { a: [1] } } }, 'markdown'],
    ['an extract', { schema_id: 's', schema_output: { values: { a: SECRET } } }, 'markdown'],
    [
      'a text without content',
      { markdown: '', bounding_boxes: { Text: [{ id: SECRET }] } },
      'bounding_boxes.Text.0.content',
    ],
    [
      'a table without its facts',
      { markdown: '', bounding_boxes: { Tables: [{ cell_data: [SECRET] }] } },
      'bounding_boxes.Tables.0.table_info',
    ],
    ['boxes of another kind', { markdown: '', bounding_boxes: SECRET }, 'bounding_boxes'],
  ])('%s is no parse of the other vendor', async (_what, body, field) => {
    const { store, ref } = stored('pulse', body);
    const { type, details } = await failing(readParsed(store, ref).pages());
    expect([type, details]).toEqual(['DocumentReplyInvalid', expect.objectContaining({ field, endpoint: ref.key })]);
  });

  it('reads a text by its older name, and null as nothing', async () => {
    const older = stored('pulse', { content: 'Older', bounding_boxes: null });
    expect(await listOf(readParsed(older.store, older.ref).text())).toEqual(['Older']);
    expect(await listOf(readParsed(older.store, older.ref, { format: pulse.format }).pages())).toEqual([]);
    const both = stored('pulse', { content: 'Text', markdown: 'Text' });
    expect(await listOf(readParsed(both.store, both.ref).text())).toEqual(['Text']);
    const list = stored('pulse', { markdown: [SECRET] });
    expect((await failing(readParsed(list.store, list.ref).text())).details).toMatchObject({ field: 'markdown' });
  });

  it('what is wrong with the bytes outranks what is wrong with what they say', async () => {
    const whole = JSON.stringify(reductoBody(chunk(block(1))));
    for (const now of [
      whole.slice(0, -4),
      whole.replace('"bbox":{', '"bbox":['),
      whole.replace('"page":1', '"page":x'),
      '{}',
    ]) {
      expect((await failing(reducto(whole, { now }).blocks())).type).toBe('DocumentResultCorrupt');
    }
    expect((await failing(reducto(whole, { now: whole.replace('"page":1', '"page":2') }).blocks())).type).toBe(
      'DocumentResultCorrupt',
    );
  });

  it('gives no page of a body that is not what was stored', async () => {
    const whole = JSON.stringify(reductoBody(chunk(block(1), block(2))));
    let given = 0;
    const pages = reducto(whole, { now: whole.replace('"page":1', '"page":2') }).pages();
    await expect(
      (async () => {
        for await (const _page of pages) given += 1;
      })(),
    ).rejects.toThrow(/was changed/);
    expect(given).toBe(0);
  });

  it('passes the caller’s own error on, and lets go', async () => {
    const content = reducto(reductoBody(chunk(block(1), block(2))));
    const read = async (): Promise<void> => {
      for await (const _block of content.blocks()) throw new SyntaxError('mine');
    };
    await expect(read()).rejects.toThrow('mine');
    expect(content.seen).toEqual({ opened: 1, closed: 1 });
  });

  it.each<[string, Parameters<typeof stored>, RegExp]>([
    ['an extract', ['reducto', {}, { operation: 'extract' }], /job of kind extract, which readExtracted reads/],
    ['an edit', ['reducto', {}, { operation: 'edit' }], /job of kind edit, which readResult reads/],
    ['a vendor that nobody knows', ['toString', {}], /nothing is known of the format of toString/],
  ])('refuses the result of %s at once', (_what, given, words) => {
    const { store, ref, seen } = stored(...given);
    expect(() => readParsed(store, ref)).toThrow(words);
    expect(seen.opened).toBe(0);
  });
});
