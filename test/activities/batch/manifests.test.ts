import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BatchManifest } from '../../../src/jobs/batch.js';
import { failureOf } from '../../support/activity-run.js';
import { type BatchStand, batchStand, jsonLines, url } from '../../support/batch-plan.js';

let stand: BatchStand;
beforeEach(async () => void (stand = await batchStand()));
afterEach(() => stand[Symbol.asyncDispose]());

async function planned(name: string, content: string | Uint8Array) {
  const output = await stand.plan({ kind: 'file', path: await stand.write(name, content) });
  const reasons = (await stand.rows()).map(({ error }) => error?.reason ?? '');
  return { output, documents: await stand.documents(), reasons };
}
const sources = ({ documents }: { documents: { source: string }[] }): string[] => documents.map(({ source }) => source);

describe('rows of a manifest', () => {
  it.each<[string, unknown, RegExp]>([
    ['no JSON', '{"source": "https://signed.example/?token=geheim"', /^line 2: is no JSON$/],
    ['no object', '["https://files.example.com/a.pdf"]', /^line 2: expected an object/],
    ['no source', { id: 'a' }, /^line 2: has no source/],
    ['an empty source', { source: '  ' }, /^line 2: has no source/],
    ['a source that is no text', { source: 7 }, /^line 2: has no source/],
    ['a source with a control character', { source: 'https://a.example/\u0007' }, /^line 2: its source has a control/],
    ['a source without end', { source: `https://a.example/${'x'.repeat(9_000)}` }, /^line 2: its source is longer/],
    ['a private host', { source: 'http://10.0.0.1/a.pdf' }, /^line 2: 10\.0\.0\.1 is not public/],
    ['a login in the URL', { source: 'https://me:geheim@a.example/a.pdf' }, /^line 2: has a user name or password/],
    ['a long id', { source: url(1), id: 'x'.repeat(201) }, /^line 2: its id is not a text of 1 to 200/],
    ['an id that is none', { source: url(1), id: {} }, /^line 2: its id/],
    ['a twin', { source: url('other'), id: 'first' }, /^line 2: its id "first" stands in line 1 already$/],
    ['priority 0', { source: url(1), priority: 0 }, /^line 2: its priority is not a whole number from 1 to 5: 0$/],
    ['priority 6', { source: url(1), priority: 6 }, /^line 2: its priority/],
    ['priority 1.5', { source: url(1), priority: 1.5 }, /^line 2: its priority/],
    ['a long tenant', { source: url(1), tenant: 'ä'.repeat(33) }, /^line 2: its tenant is not a text of 1 to 64 bytes/],
    ['pages that are no number', { source: url(1), pages: 'many' }, /^line 2: its pages/],
    ['a huge line', { source: url(1), note: 'x'.repeat(300_000) }, /^line 2: is longer than 256 kB/],
  ])('that has %s costs itself only', async (_what, row, reason) => {
    const bad = typeof row === 'string' ? row : JSON.stringify(row);
    const lines = [JSON.stringify({ source: url(0), id: 'first' }), bad, JSON.stringify({ source: url(2) })];
    const { output, documents, reasons } = await planned('m.jsonl', lines.join('\n'));
    expect(output).toEqual({ drive: 0, documents: 2, planPages: 1, unusableRows: 1, segments: 1 });
    expect(documents.map(({ index }) => index)).toEqual([0, 2]);
    expect(reasons).toEqual([expect.stringMatching(reason)]);
    const [row0] = await stand.rows();
    expect(row0).toMatchObject({ state: 'refused', workflowId: null, id: 'line 2', index: 1, startedAt: null });
    expect(JSON.stringify(row0)).not.toContain('geheim');
  });

  it('one bad among ten thousand is the only one that is missing', async () => {
    const rows = Array.from({ length: 10_000 }, (_, at) => (at === 7_776 ? { no: 'source' } : { source: url(at) }));
    const { output, documents, reasons } = await planned('m.jsonl', jsonLines(rows));
    expect(output).toMatchObject({ documents: 9_999, unusableRows: 1, planPages: 50 });
    expect(new Set(documents.map(({ index }) => index)).size).toBe(9_999);
    expect(documents.some(({ index }) => index === 7_776)).toBe(false);
    expect(reasons).toEqual([expect.stringMatching(/^line 7777:/)]);
  });

  it('that are many and bad are all told', async () => {
    const { output, reasons } = await planned(
      'm.jsonl',
      jsonLines([...Array<object>(450).fill({}), { source: url(1) }]),
    );
    expect(output).toMatchObject({ documents: 1, unusableRows: 450, segments: 3 });
    expect(reasons).toHaveLength(450);
  });
});

describe('CSV', () => {
  it('takes a byte-order mark, CRLF, quotes, empty lines, columns of others and no last line break', async () => {
    const text = `\ufeffID,note,Source,priority\r\n7,"a, ""b""",${url(1)},1\r\n\r\n8,"two\r\nlines",${url(2)},\r\n9,,"${url(3)}",5`;
    const { output, documents } = await planned('m.csv', text);
    expect(output).toMatchObject({ documents: 3, unusableRows: 0 });
    expect(documents).toMatchObject([
      { id: '7', source: url(1), priority: 1, index: 0 },
      { id: '8', source: url(2), index: 1 },
      { id: '9', source: url(3), priority: 5, index: 2 },
    ]);
    expect(documents[1]).not.toHaveProperty('priority');
  });

  it.each([
    ['semicolons', ';'],
    ['tabs', '\t'],
  ])('takes %s', async (_what, delimiter) => {
    const { documents } = await planned('m.csv', `id${delimiter}source\n1${delimiter}${url(1)}\n`);
    expect(documents).toMatchObject([{ id: '1', source: url(1) }]);
  });

  it.each([
    ['too few columns', 'b', /^line 3: has 1 columns, the header 2/],
    ['too many columns', `b,${url('b')},c`, /^line 3: has 3 columns/],
    ['a quote that is never closed', `"b,${url('b')}`, /^line 3: a quote opens or closes at the wrong place/],
    ['a quote in the middle', `b"c",${url('b')}`, /^line 3: a quote/],
  ])('tells a row with %s, and loses none after it', async (_what, bad, reason) => {
    const good = Array.from({ length: 200 }, (_, at) => `"id ${at}",${url(at)}`);
    const text = ['id,source', `a,${url('a')}`, bad, ...good].join('\n');
    const { output, reasons } = await planned('m.csv', text);
    expect(output).toMatchObject({ documents: 201, unusableRows: 1 });
    expect(reasons).toEqual([expect.stringMatching(reason)]);
  });

  it('tells two rows that lack a quote each, and loses none between them', async () => {
    const text = ['source,id', `"${url(1)},a`, `${url(2)},b`, `"${url(3)},c`, `${url(4)},d`].join('\n');
    const { documents, reasons } = await planned('m.csv', text);
    expect(sources({ documents })).toEqual([url(2), url(4)]);
    expect(reasons.map((reason) => reason.slice(0, 7))).toEqual(['line 2:', 'line 4:']);
  });
});

describe('a manifest that can’t be used as a whole', () => {
  const file = async (name: string, content: string | Uint8Array): Promise<BatchManifest> => ({
    kind: 'file',
    path: await stand.write(name, content),
  });
  it.each<[string, () => Promise<BatchManifest> | BatchManifest, string, RegExp]>([
    [
      'no column source',
      () => file('m.csv', 'id,url\n1,x\n'),
      'manifest',
      /line 1: the header names no column "source"/,
    ],
    ['a column twice', () => file('m.csv', 'source,id,ID\n'), 'manifest', /names the column "id" twice/],
    ['only a header', () => file('m.csv', 'source\n'), 'manifest', /lists no document/],
    ['nothing in it', () => file('m.jsonl', ''), 'manifest', /lists no document/],
    ['only empty lines', () => file('m.jsonl', '\n\n'), 'manifest', /lists no document/],
    ['binary content', () => file('m.jsonl', Buffer.from('PK\u0003\u0004\0\0')), 'manifest.path', /no UTF-8 text/],
    ['an unknown ending', () => file('m.txt', url(1)), 'manifest.format', /ending/],
    ['no file', () => ({ kind: 'file', path: `${stand.folder}/none.jsonl` }), 'manifest.path', /no such file/],
    ['a folder for a file', () => ({ kind: 'file', path: stand.folder, format: 'csv' }), 'manifest.path', /is no file/],
    [
      'a path outside',
      () => ({ kind: 'file', path: '/etc/hostname' }),
      'manifest.path',
      /reads no manifest from there/,
    ],
    ['no path', () => ({ kind: 'file' }) as unknown as BatchManifest, 'manifest.path', /expected the path/],
    ['another scheme', () => ({ kind: 'file', path: 'ftp://a/b.csv' }), 'manifest.path', /local files/],
    ['an unknown kind', () => ({ kind: 'x' }) as unknown as BatchManifest, 'manifest.kind', /expected file, folder/],
    ['no object', () => null as unknown as BatchManifest, 'manifest', /expected \{"kind"/],
    ['an unknown source', () => ({ kind: 'source', name: 'db' }), 'manifest.name', /has no batch source "db"/],
    ['no s3 source', () => ({ kind: 's3', bucket: 'b' }), 'manifest.kind', /has no batch source "s3"/],
  ])('for %s', async (_what, manifest, field, reason) => {
    const failure = await failureOf(stand.plan(await manifest()));
    expect(failure.type).toBe('DocumentBatchManifestInvalid');
    expect(failure.details).toMatchObject({
      field,
      operation: 'batch',
      reason: expect.stringMatching(reason) as string,
    });
    expect(await stand.store.head('batches/invoices/drives/0000.json')).toBeNull();
  });

  it('for an account that the worker does not have', async () => {
    const manifest = await file('m.jsonl', jsonLines([{ source: url(1) }]));
    const failure = await failureOf(stand.plan(manifest, { request: { account: 'other' } }));
    expect(failure.type).toBe('DocumentAccountUnknown');
  });
});
