// What a Temporal server with the example's codec can read of documents: nothing. Its database is searched byte by byte.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encrypted } from '../../examples/encryption/data-converter.js';
import { found, scan, scanFolder } from '../support/canaries.js';
import { type DocumentServer, serveDocuments } from '../support/document-server.js';
import { installQuietRuntime } from '../support/temporal.js';
import { CANARIES, DOCUMENT, FILE_NAME, QUERY, SCENARIOS } from './matrix.js';
import { accountsOf, type Play, play, preparePlays } from './play.js';
import { bundleForEncryption, openStand, type Stand } from './stand.js';

let documents: DocumentServer;
let source: string;
let bundle: Awaited<ReturnType<typeof bundleForEncryption>>;
const plays: Record<'encrypted' | 'plain', Play[]> = { encrypted: [], plain: [] };
const stands: Partial<Record<'encrypted' | 'plain', Stand>> = {};
const ends: Record<string, string[]> = {};
/** As the server hands them out; SQLite may break a word over two pages. */
const histories: Record<string, string> = {};

beforeAll(async () => {
  installQuietRuntime();
  [documents, bundle, plays.encrypted, plays.plain] = await Promise.all([
    serveDocuments(),
    bundleForEncryption(),
    preparePlays(SCENARIOS),
    preparePlays(SCENARIOS.filter(({ name }) => name === 'completed' || name === 'refused')),
  ]);
  source = `${documents.add(FILE_NAME, Buffer.from(DOCUMENT))}?${QUERY}`;
  const converters = {
    encrypted: encrypted({ current: 'k1', keys: { k1: randomBytes(32) } }),
    plain: { failureConverterPath: encrypted({ current: '', keys: {} }).failureConverterPath ?? '' },
  };
  await Promise.all(
    (['encrypted', 'plain'] as const).map(async (kind) => {
      const stand = await openStand(bundle.codePath, converters[kind], accountsOf(plays[kind]));
      stands[kind] = stand;
      ends[kind] = await Promise.all(plays[kind].map((one) => play(stand, source, one)));
      const read = plays[kind].map(({ account }) => stand.client.workflow.getHandle(account).fetchHistory());
      histories[kind] = JSON.stringify(await Promise.all(read));
      await stand.stop();
    }),
  );
}, 180_000);
afterAll(async () => {
  const all = [...plays.encrypted, ...plays.plain].map(({ sandbox }) => sandbox.close());
  await Promise.all([...all, stands.encrypted?.close(), stands.plain?.close(), documents?.close(), bundle?.remove()]);
});

const folderOf = (kind: 'encrypted' | 'plain'): string => stands[kind]?.databaseFolder ?? '';

describe('with the codec', () => {
  it('every document ends as it does without one', () => {
    const expected = plays.encrypted.map(({ account, scenario }) => [account, scenario.ends]);
    expect(plays.encrypted.map(({ account }, index) => [account, ends.encrypted?.[index]])).toEqual(expected);
  });

  it("the server's database holds no plaintext", async () => {
    expect(await scanFolder(folderOf('encrypted'), CANARIES)).toEqual([]);
  });

  it('nor do the histories that it hands out', () => {
    expect(scan('histories', histories.encrypted ?? '', CANARIES)).toEqual([]);
  });

  it('nor our own words: summaries, failure messages, results', async () => {
    const ours = {
      summary: 'submit to reducto',
      sleep: 'next look in',
      failure: 'refuses the parse',
      stack: 'src/workflows',
      receipt: 'vendorStatus',
      field: 'invoice_number',
    };
    expect(await scanFolder(folderOf('encrypted'), ours)).toEqual([]);
  });

  it('what stays in the open is what the documentation says', async () => {
    const open = {
      'workflow id': 'processDocument-reducto-completed',
      'workflow type': 'ownWorkflow',
      'activity type': 'pollDocumentJob',
      'task queue': 'encryption-test',
      'failure type': 'ExtractedDataInvalid',
      'memo key': 'documentReceipt',
      'key id': 'encryption-key-id',
    };
    expect(found(await scanFolder(folderOf('encrypted'), open))).toEqual(Object.keys(open).sort());
  });
});

describe('without the codec', () => {
  it('the same search finds what travels: the scan can fail', async () => {
    const { key: _key, text: _text, ...travels } = CANARIES;
    expect(found(await scanFolder(folderOf('plain'), CANARIES))).toEqual(Object.keys(travels).sort());
    expect(found(scan('histories', histories.plain ?? '', CANARIES))).toEqual(Object.keys(travels).sort());
  });

  it('the key and the text of the document are in the vendor’s hands only', () => {
    expect(found(scan('document', DOCUMENT, CANARIES))).toContain('text');
    expect(plays.plain.every(({ sandbox }) => sandbox.reducto.apiKey === CANARIES.key)).toBe(true);
  });
});
