import fc from 'fast-check';
import { describe, it } from 'vitest';
import {
  firstText,
  isApiError,
  isMarkup,
  isStorageError,
  readErrorBody,
} from '../../../src/providers/http/error-body.js';
import { isGone } from '../../../src/providers/http/is-gone.js';
import { networkError } from '../../../src/providers/http/network-error.js';
import { parseJson } from '../../../src/providers/http/parse-reply.js';
import { VendorError } from '../../../src/providers/vendor-error.js';
import { isJsonObject } from '../../../src/jobs/json.js';
import { json, jsonObject, word } from '../../support/arbitraries.js';
import { expect, RUNS } from '../../support/properties.js';

const space = fc.constantFrom('', ' ', '\r\n');
const page = word.map((title) => `<html><head><title>${title}</title></head><body>sig=secret</body></html>`);
const storage = word.map((code) => `<?xml version="1.0"?><Error><Code>${code}</Code><Sig>secret</Sig></Error>`);
const text = fc.oneof(
  json.map((value) => JSON.stringify(value)),
  jsonObject.map((value) => JSON.stringify(value)),
  page,
  storage,
  fc.string({ maxLength: 10 }),
  fc.constantFrom('', ' ', '{"error":', '<', 'null'),
);
const parsed = (given: string): unknown => {
  try {
    return JSON.parse(given);
  } catch {
    return undefined;
  }
};

describe('readErrorBody', () => {
  it('takes a JSON object for the API’s own answer and nothing else', () => {
    fc.assert(
      fc.property(space, text, (before, given) => {
        const body = readErrorBody(`${before}${given}`);
        const value = parsed(given);
        expect(isApiError(`${before}${given}`)).toBe(isJsonObject(value));
        if ('json' in body) expect(body.json).toEqual(value);
        else expect(body.words.trim()).not.toBe('');
      }),
      RUNS,
    );
  });

  it('says of a page its title and of a storage’s XML its code, never what else is in it', () => {
    fc.assert(
      fc.property(space, fc.oneof(page, storage), (before, given) => {
        const body = readErrorBody(`${before}${given}`);
        expect(isMarkup(given)).toBe(true);
        expect(isStorageError(given)).toBe(given.includes('<Code>'));
        expect(JSON.stringify(body)).not.toContain('secret');
        const named = /<(?:title|Code)>(\w+)</.exec(given)?.[1] ?? '';
        expect('words' in body && body.words.endsWith(` ${named}`)).toBe(true);
      }),
      RUNS,
    );
  });
});

describe('firstText', () => {
  it('is the first that says something', () => {
    fc.assert(
      fc.property(fc.array(json, { maxLength: 4 }), word, fc.array(json, { maxLength: 2 }), (before, said, after) => {
        const silent = before.filter((one) => typeof one !== 'string' || one.trim() === '');
        expect(firstText(...silent, said, ...after)).toBe(said);
        expect(firstText(...silent)).toBe('no further words');
      }),
      RUNS,
    );
  });
});

describe('isGone', () => {
  it('believes the API’s own word alone: a page in its place is trouble', () => {
    const status = fc.constantFrom(400, 403, 404, 409, 410, 500);
    fc.assert(
      fc.property(status, fc.subarray([404, 409, 410]), text, (code, codes, given) => {
        const error = new VendorError({ kind: 'rejected', endpoint: 'GET /x', reason: 'r', sent: true });
        const ask = (): unknown => {
          try {
            return isGone(codes, { status: code, headers: {}, text: given }, error);
          } catch (thrown) {
            return (thrown as VendorError).facts;
          }
        };
        if (!codes.includes(code)) expect(ask()).toBe(false);
        else if (code === 410 || isJsonObject(parsed(given))) expect(ask()).toBe(true);
        else expect(ask()).toEqual({ ...error.facts, kind: 'server' });
      }),
      RUNS,
    );
  });
});

describe('networkError', () => {
  it('says what happened by the error’s code, however deep, and never repeats its message', () => {
    const code = fc.constantFrom('ECONNREFUSED', 'ECONNRESET', 'UND_ERR_SOCKET', 'EWHATEVER');
    fc.assert(
      fc.property(fc.option(code), fc.nat(3), fc.boolean(), fc.boolean(), (known, depth, inList, sent) => {
        let error: object = { message: 'https://h/x?sig=secret', ...(known === null ? {} : { code: known }) };
        for (let level = 0; level < depth; level++) {
          error = { message: 'secret', ...(inList ? { errors: [error] } : { cause: error }) };
        }
        const { facts, message } = networkError('GET /x', error, sent);
        expect(facts).toMatchObject({ kind: 'unreachable', endpoint: 'GET /x', sent });
        expect(message).not.toContain('secret');
        if (known === null) expect(facts.reason).toBe('network failure');
        else expect(facts.reason).not.toBe('network failure');
      }),
      RUNS,
    );
  });
});

describe('parseJson', () => {
  it('gives what JSON says, or refuses the reply without a word of it', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          text,
          word.map((inner) => `{"a":secret${inner}`),
        ),
        (given) => {
          const value = parsed(given);
          if (value !== undefined) expect(parseJson(given, 'GET /x')).toEqual(value);
          else {
            const refusal = /^GET \/x: expected JSON, got (HTML|an empty body|no JSON)$/;
            expect(() => parseJson(given, 'GET /x')).toThrow(refusal);
          }
        },
      ),
      RUNS,
    );
  });
});
