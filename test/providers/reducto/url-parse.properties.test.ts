import { readWhole } from '../../../src/json-stream/index.js';
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { bodyOfUrlParse } from '../../../src/providers/reducto/url-parse.js';
import { expect, RUNS } from '../../support/properties.js';

const URL_RESULT = { type: 'url', url: 'https://storage.example/r?sig=1', result_id: 'r' };
const chunks = fc.array(fc.record({ content: fc.string(), blocks: fc.constant([]) }), { maxLength: 4 });
const full = chunks.map((list) => ({ type: 'full', chunks: list, ocr: null, custom: null }));
const around = fc.record(
  { response_type: fc.constant('parse'), job_id: fc.string(), usage: fc.record({ num_pages: fc.nat() }) },
  { requiredKeys: [] },
);
const cuts = fc.array(fc.nat(200), { maxLength: 8 });
const space = fc.constantFrom('', ' ', '\n\t ');

async function* cut(text: string, edges: readonly number[]): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  let from = 0;
  for (const edge of [...edges].sort((a, b) => a - b)) {
    if (edge <= from || edge >= bytes.length) continue;
    yield bytes.subarray(from, edge);
    from = edge;
  }
  yield bytes.subarray(from);
}

async function whole(envelope: object, text: string, edges: readonly number[]): Promise<unknown> {
  const bytes = await readWhole(bodyOfUrlParse({ ...envelope, result: URL_RESULT }, cut(text, edges)));
  return JSON.parse(Buffer.from(bytes).toString()) as unknown;
}

describe('a parse behind a URL, however it is cut', () => {
  it('stands in the URL’s place: the result itself, or the list of its chunks', async () => {
    const property = fc.asyncProperty(
      around,
      full,
      space,
      cuts,
      fc.boolean(),
      async (envelope, result, gap, edges, bare) => {
        const text = gap + JSON.stringify(bare ? result.chunks : result);
        expect(await whole(envelope, text, edges)).to.deep.equal({ ...envelope, result });
      },
    );
    await fc.assert(property, RUNS);
  }, 60_000);

  it('is taken as it is where a whole body lies there', async () => {
    const property = fc.asyncProperty(around, full, space, cuts, async (envelope, result, gap, edges) => {
      const body = { response_type: 'parse', ...envelope, result };
      expect(await whole({ usage: null }, gap + JSON.stringify(body), edges)).to.deep.equal(body);
    });
    await fc.assert(property, RUNS);
  }, 60_000);
});
