import fc from 'fast-check';
import { describe, it } from 'vitest';
import { SNIFF_BYTES, sniffDocument } from '../../src/activities/sniff-document.js';
import { expect, RUNS } from '../support/properties.js';

const bytes = (maxLength: number) => fc.uint8Array({ maxLength });
const filename = fc.constantFrom('a.pdf', 'a.PDF', 'a.docx', 'a.xlsx', 'a.txt', 'a.png', 'a', '.pdf', 'a.zip', 'a.wpd');
const MAGIC: readonly (readonly [string, number[]])[] = [
  ['%PDF-', []],
  ['\x89PNG\r\n\x1a\n', []],
  ['PK\x03\x04', []],
  ['PK\x03\x04word/', []],
  ['\x1f\x8b', []],
  ['\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', []],
  ['plain words', []],
];
const start = fc.constantFrom(...MAGIC.map(([text]) => Uint8Array.from(Buffer.from(text, 'latin1'))));
const join = (...parts: Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(parts));

describe('sniffDocument', () => {
  it('says of any bytes what they are, and why they are refused if they are', () => {
    fc.assert(
      fc.property(
        filename,
        fc.oneof(
          bytes(64),
          fc.tuple(start, bytes(32)).map((parts) => join(...parts)),
        ),
        (name, head) => {
          const { description, contentType, refusal } = sniffDocument(name, head);
          expect(description !== '' && /^[\w.-]+\/[\w.+-]+$/.test(contentType)).toBe(true);
          if (head.length === 0) expect(refusal).toBe('it is empty');
          else if (refusal !== null) expect(refusal).toContain(description);
        },
      ),
      RUNS,
    );
  });

  it('lets no other kind pass for a PDF, and finds one behind up to a kilobyte of anything', () => {
    fc.assert(
      fc.property(bytes(1_024), bytes(16), (before, after) => {
        const isPdf = (head: Uint8Array): boolean => sniffDocument('a.pdf', head).refusal === null;
        expect(isPdf(join(before, Buffer.from('%PDF-'), after))).toBe(true);
        const other = join(before, after);
        expect(isPdf(other)).toBe(Buffer.from(other).includes('%PDF-'));
      }),
      RUNS,
    );
  });

  it('looks at the first bytes only', () => {
    const whole = fc.tuple(start, fc.nat(255)).map(([first, fill]) => {
      const head = new Uint8Array(SNIFF_BYTES).fill(fill);
      head.set(first);
      return head;
    });
    fc.assert(
      fc.property(filename, whole, bytes(8), (name, head, more) => {
        expect(sniffDocument(name, join(head, more))).toEqual(sniffDocument(name, head));
      }),
      RUNS,
    );
  });
});
