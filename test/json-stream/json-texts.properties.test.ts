import fc from 'fast-check';
import { describe, it } from 'vitest';
import { JsonBrokenError, jsonTexts } from '../../src/json-stream/index.js';
import { JsonTextDecoder } from '../../src/json-stream/json-text-decoder.js';
import { cutBytes, cuts, inPieces } from '../support/pieces.js';
import { expect, RUNS, SLOW_CASES } from '../support/properties.js';

const character = fc.oneof(
  fc.constantFrom('\\', '"', '\n', '\u0000', '/', 'u', '\\u12', '😀', '\ud83d', '\ude00', 'é', '€'),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 3 }),
);
const text = fc.array(character, { maxLength: 40 }).map((parts) => parts.join(''));
/** Longer than what the scanner holds back, so that pieces are passed on. */
const long = fc
  .tuple(text, fc.integer({ min: 1, max: 6_000 }))
  .map(([one, times]) => `${one}\\é😀"`.repeat(times).slice(0, 60_000));

/** As JSON may write it: every character that is not ASCII, or every one at all, as an escape. */
const WRITERS = {
  plain: (value: string) => JSON.stringify(value),
  ascii: (value: string) => JSON.stringify(value).replace(/[\u0080-\uffff]/g, escaped),
  all: (value: string) => `"${value.replace(/[\s\S]/g, escaped)}"`,
};
function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

async function read(bytes: AsyncIterable<Uint8Array>): Promise<string[]> {
  const pieces: string[] = [];
  const texts = jsonTexts(bytes, (path, opens) => (path.length === 0 ? 'enter' : opens === '"' ? 'take' : 'skip'));
  for await (const { text: piece, isFirst } of texts) pieces.push(isFirst ? `|${piece}` : piece);
  return pieces;
}

describe('jsonTexts', () => {
  const given = fc.record({
    texts: fc.array(text, { maxLength: 4 }),
    writer: fc.constantFrom('plain', 'ascii', 'all'),
    cuts,
  });

  it('gives strings as JSON.parse has them, however they are written and cut', async () => {
    const property = fc.asyncProperty(given, async ({ texts, writer, cuts: at }) => {
      const whole = Buffer.from(
        `[1,${texts.map((one) => `${WRITERS[writer](one)},{"a":"b"}`).join()}${texts.length ? ',' : ''}null]`,
      );
      const parsed = (JSON.parse(whole.toString()) as unknown[]).filter((one) => typeof one === 'string');
      expect((await read(inPieces(whole, at))).join('')).to.equal(parsed.map((one) => `|${one}`).join(''));
    });
    await fc.assert(property, RUNS);
  }, 120_000);

  it('decodes a string that is cut anywhere', () => {
    const property = fc.property(text, fc.constantFrom('plain', 'ascii', 'all'), cuts, (one, writer, at) => {
      const decoder = new JsonTextDecoder();
      const pieces = cutBytes(Buffer.from(WRITERS[writer](one)), at);
      const texts = pieces.map((piece, index) => decoder.push(piece, index === pieces.length - 1));
      expect(texts.join('')).to.equal(one);
      if (isWellFormed(one)) for (const piece of texts) expect(isWellFormed(piece)).to.equal(true);
    });
    fc.assert(property, RUNS);
  }, 120_000);

  it('cuts long strings into pieces that are well-formed each, if the string is', async () => {
    const property = fc.asyncProperty(long, fc.constantFrom('plain', 'ascii', 'all'), cuts, async (one, writer, at) => {
      const whole = Buffer.from(`{"x":${WRITERS[writer](one)}}`);
      const pieces = await read(inPieces(whole, at));
      const parsed = (JSON.parse(whole.toString()) as { x: string }).x;
      expect(pieces.join('')).to.equal(`|${parsed}`);
      if (isWellFormed(parsed)) for (const piece of pieces) expect(isWellFormed(piece)).to.equal(true);
    });
    await fc.assert(property, { ...RUNS, numRuns: SLOW_CASES });
  }, 120_000);

  it('gives a string piece by piece', async () => {
    const whole = Buffer.from(`["${'a'.repeat(1_000_000)}"]`);
    const pieces = await read(inPieces(whole, [200, 400, 600, 800]));
    expect(pieces.length).to.equal(5);
    expect(cutBytes(whole, [500]).length).to.equal(2);
  });

  it.each([
    '["a\u0001"]',
    '["\\x"]',
    '["\\u12g4"]',
    '["abc',
    `["${'a'.repeat(20_000)}\\`,
    `["${'a'.repeat(20_000)}\\q"]`,
  ])('sees that a string is none: %#', async (broken) => {
    const error: unknown = await read(inPieces(Buffer.from(broken), [300, 600, 900])).catch(
      (reason: unknown) => reason,
    );
    expect(error).to.be.instanceOf(JsonBrokenError);
  });
});

function isWellFormed(value: string): boolean {
  return Buffer.from(value).toString() === value;
}
