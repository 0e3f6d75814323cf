import fc from 'fast-check';
import { describe, it } from 'vitest';
import { type ApiAccess, createApi } from '../../../src/providers/http/api.js';
import { readKey } from '../../../src/providers/http/api-key.js';
import type { HttpCall, HttpReply } from '../../../src/providers/http/http-client.js';
import { replyError as pulseError } from '../../../src/providers/pulse/errors.js';
import { replyError as reductoError } from '../../../src/providers/reducto/errors.js';
import { VendorError } from '../../../src/providers/vendor-error.js';
import { expect, RUNS } from '../../support/properties.js';

const key = fc.string({ unit: fc.constantFrom('k', '7', '-', '_', '.', '/'), minLength: 8, maxLength: 24 });
/** A password may hold what JSON escapes. */
const password = fc.string({ unit: fc.constantFrom('p', '"', '\\', '\n', 'é', '8'), minLength: 8, maxLength: 16 });
const errorOf = fc.constantFrom(pulseError, reductoError);
const status = fc.constantFrom(400, 401, 403, 404, 409, 413, 422, 429, 500, 503, 302);

/** Bodies that repeat what was sent, in each of the vendors' shapes. */
const echo = fc.constantFrom<(said: string) => string>(
  (said) => JSON.stringify({ error: { name: said, code: said, message: `no ${said}` } }),
  (said) => JSON.stringify({ error: said }),
  (said) => JSON.stringify({ detail: [{ loc: ['body', said], msg: said }] }),
  (said) => JSON.stringify({ message: `${said} ${said}` }),
  (said) => `upstream: ${said}`,
  (said) => `{"cut":"off ${JSON.stringify(said).slice(1, -1)}`,
  (said) => `<html><title>${said}</title></html>`,
);

function access(reply: HttpReply, apiKey: string, replyError: ApiAccess['replyError']) {
  const sent: HttpCall[] = [];
  const http = { send: async (call: HttpCall) => (sent.push(call), reply) } as unknown as ApiAccess['http'];
  const keyHeader = (given: string) => ({ authorization: given });
  const idsUnder = ['job', 'upload'];
  return { sent, api: createApi({ http, baseUrl: 'https://h', apiKey, keyHeader, idsUnder, replyError }) };
}

describe('createApi', () => {
  it('has no error that repeats the key or a secret of the request, as it is or as JSON has it', async () => {
    await fc.assert(
      fc.asyncProperty(key, password, errorOf, status, echo, async (apiKey, hidden, replyError, code, write) => {
        for (const said of [apiKey, hidden]) {
          const { api } = access({ status: code, headers: {}, text: write(said) }, apiKey, replyError);
          const { error } = await api.call({ method: 'POST', path: '/parse', secrets: [hidden] }, {});
          const facts = error?.facts ?? { reason: said, code: said };
          const shown = `${facts.reason} ${facts.code ?? ''}`;
          expect([said, JSON.stringify(said).slice(1, -1)].filter((form) => shown.includes(form))).toEqual([]);
        }
      }),
      RUNS,
    );
  });

  it('calls an endpoint by its path without ids and queries, and asks for it with both', async () => {
    const id = fc.string({ unit: fc.constantFrom('z', '9', '%2F', '-'), minLength: 3, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('job', 'upload'), id, id, status, async (under, jobId, query, code) => {
        const { api, sent } = access({ status: code, headers: {}, text: '' }, 'key', reductoError);
        const path = `/${under}/${jobId}?x=${query}`;
        const { endpoint, error } = await api.call({ method: 'GET', path }, {});
        expect([endpoint, error?.facts.endpoint]).toEqual([`GET /${under}/{id}`, `GET /${under}/{id}`]);
        expect(sent[0]?.url).toBe(`https://h${path}`);
      }),
      RUNS,
    );
  });
});

describe('readKey', () => {
  it('gives a key that a header can carry, or refuses it without a word of it', async () => {
    const given = fc.string({ unit: fc.constantFrom('k', '~', '!', ' ', '\n', '’', 'é', '\0'), maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(given, fc.boolean(), async (text, isFunction) => {
        const answer = await readKey(isFunction ? () => text : text, 'GET /x', {}).catch((error: unknown) => error);
        if (typeof answer === 'string') {
          expect([answer, /^[!-~]+$/.test(answer)]).toEqual([text.trim(), true]);
        } else {
          expect(answer instanceof VendorError && answer.kind === 'auth' && !answer.facts.sent).toBe(true);
          expect(/^[!-~]+$/.test(text.trim())).toBe(false);
        }
      }),
      RUNS,
    );
  });
});
