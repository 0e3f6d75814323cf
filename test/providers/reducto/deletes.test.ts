import { describe, expect, it } from 'vitest';
import { reducto } from '../../../src/providers/reducto/index.js';
import { createSandbox } from '../../../src/sandbox/index.js';
import type { Answer, Seen } from '../vendor-server.js';
import { errorOf, withVendor } from './with-vendor.js';

const named = (name: string) => ({ error: { name, message: 'words' } });
const REFERENCE = 'reducto://1-2-3.pdf';

describe('deleting a job', () => {
  it.each([
    [202, { job_id: 'a/b' }, true],
    [200, '', true],
    [404, named('NOT_FOUND'), false],
    [410, '', false],
    [409, named('JOB_DELETION_IN_PROGRESS'), true],
    [409, { detail: 'being deleted' }, true],
  ])('answered %i %j gives %s', async (status, body, known) => {
    await withVendor({ status, body }, {}, async (provider, server) => {
      expect(await provider.deleteJob?.('a/b', {})).toBe(known);
      expect(server.seen).toMatchObject([{ method: 'DELETE', url: '/job/a%2Fb?include_persisted=true', body: '' }]);
    });
  });

  it.each([
    [404, '<html>no such route</html>', 'server'],
    [409, '<html>conflict</html>', 'rejected'],
    [409, named('JOB_STATE_ERROR'), 'rejected'],
    [401, {}, 'auth'],
    [429, {}, 'rate_limited'],
    [503, {}, 'server'],
  ])('answered %i %j throws %s', async (status, body, kind) => {
    await withVendor({ status, body }, {}, async (provider) => {
      const { facts } = await errorOf(provider.deleteJob!('j1', {}));
      expect(facts).toMatchObject({ kind, endpoint: 'DELETE /job/{id}' });
    });
  });
});

describe('deleting an upload', () => {
  const WHOLE = '/upload/reducto%3A%2F%2F1-2-3.pdf';
  const BARE = '/upload/1-2-3.pdf';
  const ok: Answer = { status: 200, body: { file_id: REFERENCE } };
  const unknown: Answer = { status: 404, body: { detail: 'Not Found' } };
  const page: Answer = { status: 404, body: '<html>no such path</html>' };

  it.each([
    ['by its whole id', [ok], true, [WHOLE]],
    ['by its bare id when the whole one is not known', [unknown, ok], true, [WHOLE, BARE]],
    ['by its bare id when the whole one does not get through', [page, ok], true, [WHOLE, BARE]],
    ['that is known by neither', [unknown, unknown], false, [WHOLE, BARE]],
    ['that is gone', [unknown, { status: 410 }], false, [WHOLE, BARE]],
  ] as [string, Answer[], boolean, string[]][])('%s', async (_what, answers, known, urls) => {
    const left = [...answers];
    await withVendor(
      () => left.shift()!,
      {},
      async (provider, server) => {
        expect(await provider.deleteUpload?.(REFERENCE, {})).toBe(known);
        expect(server.seen.map(({ method, url }) => `${method} ${url}`)).toEqual(urls.map((url) => `DELETE ${url}`));
      },
    );
  });

  it.each([
    [() => ({ status: 401 }), 'auth', 1],
    [() => ({ status: 503 }), 'server', 1],
    [() => page, 'server', 2],
    [({ url }: Seen) => (url === WHOLE ? unknown : { status: 429 }), 'rate_limited', 2],
  ] as [(seen: Seen) => Answer, string, number][])('in trouble throws: %#', async (answer, kind, requests) => {
    await withVendor(answer, {}, async (provider, server) => {
      const { facts } = await errorOf(provider.deleteUpload!(REFERENCE, {}));
      expect(facts).toMatchObject({ kind, endpoint: 'DELETE /upload/{id}' });
      expect(server.seen).toHaveLength(requests);
    });
  });

  it.each(['jobid://j1', 'https://h/a.pdf', 'reducto://'])('%s is no upload: nothing is sent', async (reference) => {
    await withVendor(ok, {}, async (provider, server) => {
      expect(await provider.deleteUpload?.(reference, {})).toBe(false);
      expect(server.seen).toHaveLength(0);
    });
  });
});

it('at the sandbox: the job goes at once and is gone later, the upload is known once', async () => {
  let now = Date.UTC(2026, 10, 24);
  await using sandbox = await createSandbox({ now: () => now });
  const provider = reducto(sandbox.reducto);
  try {
    const form = new FormData();
    form.set('file', new File(['Total: 12.50'], 'note.txt'));
    const headers = { authorization: `Bearer ${sandbox.reducto.apiKey}` };
    const answer = await fetch(`${sandbox.reducto.baseUrl}/upload`, { method: 'POST', headers, body: form });
    const { file_id: input } = (await answer.json()) as { file_id: string };
    const { jobId } = await provider.submit({ operation: 'parse', input }, { marker: 'm1' }, {});
    expect(await provider.deleteJob?.(jobId, {})).toBe(true);
    expect(await provider.deleteJob?.(jobId, {}), 'deletion in progress').toBe(true);
    expect(await provider.get(jobId, 'parse', {})).toBeNull();
    now += 60_000;
    expect(await provider.deleteJob?.(jobId, {}), 'deleted').toBe(false);
    expect(await provider.deleteJob?.('unheard-of', {})).toBe(false);
    expect(await provider.deleteUpload?.(input, {})).toBe(true);
    expect(await provider.deleteUpload?.(input, {})).toBe(false);
    const expired = await errorOf(provider.submit({ operation: 'parse', input }, { marker: 'm2' }, {}));
    expect(expired.kind).toBe('reference_expired');
  } finally {
    await provider.close();
  }
});
