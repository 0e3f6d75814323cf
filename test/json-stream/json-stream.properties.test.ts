import fc from 'fast-check';
import { describe, it } from 'vitest';
import { type Choice, JsonBrokenError, JsonScanner, jsonSlices, outlineJson } from '../../src/json-stream/index.js';
import { expect, RUNS } from '../support/properties.js';

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.stringMatching(/^["\\/{}[\]:,a-c]{0,40}$/),
  fc.integer({ min: 0, max: 40_000 }).map((length) => `\\"é`.repeat(length / 4)),
);
const keyed = fc.constantFrom('https://x.test/a"b\\c', '/relative', 'h', 'not a place');
const { value: json } = fc.letrec((tie) => ({
  leaf: fc.oneof(
    { weight: 4, arbitrary: text },
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
  ),
  object: fc.dictionary(
    fc.oneof(
      text.filter((key) => key.length < 100),
      fc.constant('url'),
      fc.constant('__proto__'),
    ),
    tie('value'),
    {
      maxKeys: 5,
    },
  ),
  urls: fc.record({ url: fc.oneof(keyed, fc.array(keyed, { maxLength: 3 }), tie('value')) }),
  array: fc.array(tie('value'), { maxLength: 5 }),
  value: fc.oneof({ depthSize: 'small' }, tie('leaf'), tie('object'), tie('array'), tie('urls')),
}));

/** As the vendor may space it, in pieces of any size. */
const pieces = fc.record({
  value: json,
  indent: fc.constantFrom(undefined, 1, '\t'),
  cuts: fc.array(fc.integer({ min: 0, max: 1_000 }), { maxLength: 30 }),
});

function cut(whole: Buffer, cuts: readonly number[]): Buffer[] {
  const edges = [0, ...cuts.map((at) => Math.floor((at / 1_001) * whole.length)).sort((a, b) => a - b), whole.length];
  // Each a copy of its own: what is read later must not have been kept.
  return edges.slice(1).map((to, index) => Buffer.from(whole.subarray(edges[index], to)));
}

const write = (value: unknown, indent?: string | number): Buffer => Buffer.from(JSON.stringify(value, null, indent));

function scan(list: readonly Buffer[], scanner: { push(piece: Uint8Array): void }): void {
  for (const piece of list) {
    scanner.push(piece);
    piece.fill(0);
  }
}

/** Strings under `url` that may be places, in order; of a list, those before its first container and in it, if that is a list too. */
function urlsIn(value: unknown, isWanted: boolean): string[] {
  if (typeof value === 'string') return isWanted && /^[h/]/.test(value) ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  if (!Array.isArray(value)) return Object.entries(value).flatMap(([name, one]) => urlsIn(one, name === 'url'));
  const first = value.findIndex((one) => typeof one === 'object' && one !== null);
  return value.flatMap((one, index) =>
    urlsIn(one, isWanted && (first < 0 || index < first || (index === first && Array.isArray(one)))),
  );
}

describe('json-stream', () => {
  it('takes members out as JSON.parse has them, however the text is cut', async () => {
    const property = fc.asyncProperty(pieces, async ({ value, indent, cuts }) => {
      async function* bytes(): AsyncGenerator<Uint8Array> {
        for (const piece of cut(write(value, indent), cuts)) {
          yield piece;
          piece.fill(0);
        }
      }
      const deep = (path: readonly unknown[], opens: string): Choice =>
        path.length < 2 && '{['.includes(opens) ? 'enter' : 'take';
      const taken: [string, unknown][] = [];
      for await (const slice of jsonSlices(bytes(), (path, opens) => deep(path, opens))) {
        taken.push([JSON.stringify(slice.path), slice.value]);
      }
      const isInner = (one: unknown): one is object => typeof one === 'object' && one !== null;
      const members = (one: object, path: (string | number)[]): [string, unknown][] =>
        Object.entries(one).flatMap(([key, inner]): [string, unknown][] => {
          const at = [...path, Array.isArray(one) ? Number(key) : key];
          return isInner(inner) && at.length < 2 ? members(inner, at) : [[JSON.stringify(at), inner]];
        });
      const parsed: unknown = JSON.parse(write(value).toString());
      expect(taken).to.deep.equal(isInner(parsed) ? members(parsed, []) : [['[]', parsed]]);
    });
    await fc.assert(property, RUNS);
  }, 120_000);

  it('finds the strings of a key wherever they stand', () => {
    const property = fc.property(pieces, ({ value, indent, cuts }) => {
      const found: string[] = [];
      const strings = { keys: new Set(['url']), found: (_key: string, one: string) => void found.push(one) };
      const outline = outlineJson(strings);
      scan(cut(write(value, indent), cuts), outline);
      outline.end();
      const parsed: unknown = JSON.parse(write(value).toString());
      expect(found).to.deep.equal(urlsIn(parsed, false));
    });
    fc.assert(property, RUNS);
  }, 120_000);

  it('sees that a text is cut off', () => {
    const property = fc.property(pieces, fc.nat(), ({ value, cuts }, at) => {
      const whole = write(typeof value === 'object' && value !== null ? value : [value]);
      const scanner = new JsonScanner({ choose: () => 'skip' });
      scan(cut(whole.subarray(0, at % whole.length), cuts), scanner);
      expect(() => scanner.end()).to.throw(JsonBrokenError);
    });
    fc.assert(property, RUNS);
  }, 120_000);

  it('never fails otherwise than by saying so', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc.stringMatching(/^[{}[\]",:a\\0 ]{0,40}$/).map((one) => Buffer.from(one)),
    );
    const property = fc.property(bytes, (whole) => {
      const outline = outlineJson();
      let isJson = true;
      try {
        JSON.parse(Buffer.from(whole).toString());
      } catch {
        isJson = false;
      }
      try {
        outline.push(whole);
        outline.end();
      } catch (error) {
        expect(error).to.be.instanceOf(JsonBrokenError);
        expect(isJson).to.equal(false);
      }
    });
    fc.assert(property, RUNS);
  }, 120_000);
});
