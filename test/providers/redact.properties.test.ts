import fc from 'fast-check';
import { describe, it } from 'vitest';
import { redact } from '../../src/providers/redact.js';
import { expect, RUNS, SLOW_CASES } from '../support/properties.js';

/** What a key or a password may be made of. */
const sendable = Array.from({ length: 0x7e - 0x21 + 1 }, (_, index) => String.fromCharCode(0x21 + index));
const secret = fc.oneof(
  fc.string({ unit: fc.constantFrom(...sendable), minLength: 8, maxLength: 40 }),
  fc.string({ unit: fc.constantFrom('a', '7', '-', '.', '='), minLength: 8, maxLength: 80 }),
);
const piece = fc.constantFrom(
  ...['bad key ', '"', "'", ' ', '\n', 'Bearer ', 'token=', 'https://h/x?k=', '&', '<b>', '{"key":"', '"}', '…', '%20'],
  'word '.repeat(70),
);
const prose = fc.array(piece, { maxLength: 4 }).map((pieces) => pieces.join(''));

describe('redact', () => {
  it('leaves nothing of a secret that it is told of, wherever and how often it stands', () => {
    fc.assert(
      fc.property(secret, prose, prose, prose, (key, before, between, after) => {
        expect(redact(`${before}${key}${between}${key}${after}`, [key])).not.toContain(key);
      }),
      RUNS,
    );
  });

  it('leaves no beginning of a secret either, when the text is cut off within it', () => {
    const blank = fc.constantFrom(' ', '\n', '\t ');
    fc.assert(
      fc.property(secret, fc.nat(60), blank, (key, early, gap) => {
        const start = gap.repeat(20_000).slice(0, 20_000 - early);
        expect(redact(`${start}${key}`, [key])).not.toContain(key.slice(0, 8));
      }),
      { ...RUNS, numRuns: SLOW_CASES },
    );
  });

  it('leaves nothing of a signature, a login or a token that nobody told it of', () => {
    const value = fc.string({ unit: fc.constantFrom('x', 'Y', '7', '-', '_', '.', '~'), minLength: 6, maxLength: 20 });
    const around = fc.constantFrom(
      '',
      'no access to',
      '"',
      "'",
      '{',
      '<p>',
      '\n',
      'https://h/x?k=1',
      'word '.repeat(20),
    );
    const place = fc.constantFrom<(hidden: string) => string>(
      (hidden) => `https://b.s3.amazonaws.com/k.pdf?X-Amz-Signature=${hidden}&a=b`,
      (hidden) => `http://h:80/x#${hidden}`,
      (hidden) => `https://user:${hidden}@h/x`,
      (hidden) => `Authorization: Bearer ${hidden}`,
      (hidden) => `basic ${hidden}`,
      (hidden) => `{"api_key": "${hidden} ${hidden}"}`,
      (hidden) => `password='${hidden}'`,
      (hidden) => `sig=${hidden}&x`,
      (hidden) => `access_token : ${hidden}`,
      (hidden) => `https://storage.googleapis.com/b/k.pdf?X-Goog-Credential=a&X-Goog-Signature=${hidden}`,
      (hidden) => `X-Goog-Signature=${hidden}&X-Amz-Security-Token=${hidden}`,
      (hidden) => `https%3A%2F%2Fb.s3.amazonaws.com%2Fk.pdf%3FX-Amz-Signature%3D${hidden}%26a%3Db`,
      (hidden) => `postgres://user:${hidden}@h/x`,
      (hidden) => `https://user:p@${hidden}@h/x`,
      (hidden) => `{\\"document_password\\": \\"${hidden} ${hidden}\\"}`,
      (hidden) => `{"token":"a\\"${hidden}"}`,
      (hidden) => `Authorization: Token ${hidden}`,
      (hidden) => `"authorization": ["${hidden}"]`.replace(/[[\]]/g, ''),
      (hidden) => `Bearer "${hidden}"`,
      (hidden) => `X-Api-Key: ${hidden}`,
      (hidden) => `AWSAccessKeyId=${hidden}`,
      (hidden) => `pwd=${hidden} passphrase: ${hidden}`,
      (hidden) => `eyJhbGciOiJIUzI1NiJ9.${hidden.replaceAll(/[.~]/g, '7')}.x`,
      (hidden) => `-----BEGIN PRIVATE KEY-----\n${hidden}\n-----END PRIVATE KEY-----`,
      (hidden) => `data:application/pdf;base64,${hidden.replaceAll(/[.~]/g, '7')}`,
      (hidden) => `${'A1-_'.repeat(19)}\r\n${hidden.replaceAll(/[.~]/g, '7')}==`,
      (hidden) => `blob ${'A1-_'.repeat(20)}${hidden.replaceAll(/[.~]/g, '7')}`,
    );
    fc.assert(
      fc.property(value, place, around, prose, (hidden, write, before, after) => {
        const clean = redact(`${before} ${write(hidden)} ${after}`);
        expect([hidden, hidden.replaceAll(/[.~]/g, '7')].filter((form) => clean.includes(form))).toEqual([]);
      }),
      RUNS,
    );
  });

  it('gives one line of at most 300 characters, and leaves harmless words alone', () => {
    const harmless = fc.array(fc.constantFrom('page', '3', 'of', 'a', 'document', '(404)', 'é', ':'), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(fc.oneof(prose, fc.string()), harmless, (text, words) => {
        const clean = redact(text);
        expect(clean.length <= 300 && !/[\r\n\t]/.test(clean)).toBe(true);
        expect(redact(words.join(' '))).toBe(words.join(' '));
      }),
      RUNS,
    );
  });
});
