import { readWhole } from '../../src/json-stream/index.js';
import { describe, expect, it } from 'vitest';
import { passingBy, readBody } from '../../src/activities/body-reader.js';
import type { Operation } from '../../src/jobs/types.js';
import { VendorError } from '../../src/providers/vendor-error.js';
import { fakeProvider } from '../support/fake-provider.js';

const MB = 1024 * 1024;

async function* pieces(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

const readerOf = (operation: Operation, provider = fakeProvider()) =>
  readBody(provider, { provider: 'fake', account: 'fake', operation, jobId: 'j' });

describe('a body that passes by', () => {
  it('comes out as it went in, and says what it says when it has ended', async () => {
    const reader = readerOf('parse');
    const passed = await readWhole(passingBy(pieces('{"res', 'ult":{}}'), reader));
    expect(Buffer.from(passed).toString()).toBe('{"result":{}}');
    expect(reader.read?.interpreted).toMatchObject({ reference: 'jobid://j' });
  });

  it('of a parse is shown to the provider without what is large', async () => {
    const provider = fakeProvider();
    const reader = readerOf('parse', provider);
    const chunks = JSON.stringify([{ content: 'x'.repeat(MB) }]);
    await readWhole(
      passingBy(
        pieces(`{"usage":{"num_pages":3},"text":"${'y'.repeat(MB)}","result":{"chunks":`, chunks, '}}'),
        reader,
      ),
    );
    expect(provider.calls[0]?.args[2]).toEqual({ usage: { num_pages: 3 }, text: '', result: { chunks: [] } });
  });

  it('of another operation is shown whole', async () => {
    const provider = fakeProvider();
    const text = 'x'.repeat(MB);
    await readWhole(passingBy(pieces(`{"result":["${text}"]}`), readerOf('extract', provider)));
    expect(provider.calls[0]?.args[2]).toEqual({ result: [text] });
  });

  it.each([
    ['a parse that is cut off', 'parse', '{"result":{"chunks":[{"content":"secret'],
    ['an extract that is cut off', 'extract', '{"result":{"total":"secret'],
    ['a page of text', 'parse', '<html>secret</html>'],
    ['nothing', 'parse', ''],
    ['two texts', 'extract', '{} {"secret":1}'],
  ] as const)('%s is refused before its end comes, and not repeated', async (_what, operation, text) => {
    const reader = readerOf(operation);
    const error: unknown = await readWhole(passingBy(pieces(text), reader)).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(VendorError);
    expect((error as VendorError).facts).toMatchObject({ kind: 'invalid_reply', endpoint: 'finished result' });
    expect((error as VendorError).message).not.toContain('secret');
    expect(reader.read).toBeNull();
  });

  it('that has no durable reference is no parse', async () => {
    const provider = fakeProvider({ interpret: [{ usage: { pages: null, credits: null } }] });
    const error: unknown = await readWhole(passingBy(pieces('{}'), readerOf('parse', provider))).catch(
      (thrown: unknown) => thrown,
    );
    expect((error as VendorError).facts).toMatchObject({ kind: 'invalid_reply', field: 'reference' });
  });
});
