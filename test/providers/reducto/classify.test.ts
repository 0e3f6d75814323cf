import { describe, expect, it } from 'vitest';
import type { OperationRequest } from '../../../src/jobs/activities.js';
import type { JsonObject } from '../../../src/jobs/json.js';
import { reducto } from '../../../src/providers/reducto/index.js';
import { createSandbox } from '../../../src/sandbox/index.js';
import type { Answer, Seen } from '../vendor-server.js';
import { errorOf, withVendor } from './with-vendor.js';
import { wanted } from './wanted.js';

const request: OperationRequest = {
  operation: 'classify',
  input: 'https://h/a.pdf',
  pages: [1],
  options: { classification_schema: [{ category: 'invoice', criteria: ['has a total'] }], priority: true },
};
const finished = { response_type: 'classify', job_id: 'c1', result: { category: 'invoice' }, usage: { num_pages: 1 } };
const noRoute: Answer = { status: 404, body: { detail: 'Not Found' } };
const named = (name: string) => ({ error: { name, message: 'words' } });
const since = '2026-11-24T10:00:00Z';

/** A vendor that has no `/classify_async`, or says `missing` there. */
const older =
  (sync: Answer, missing: Answer = noRoute) =>
  ({ url }: Seen): Answer =>
    url === '/classify_async' ? missing : sync;
const paths = (seen: readonly Seen[]): string[] => seen.map(({ url }) => url);

it('is submitted to the asynchronous endpoint where there is one', async () => {
  await withVendor({ status: 200, body: { job_id: 'c1' } }, {}, async (provider, { seen }) => {
    expect(await provider.submit(request, { marker: 'm1' }, {})).toEqual({ jobId: 'c1' });
    expect(await provider.submit(request, { marker: 'm1' }, {})).toEqual({ jobId: 'c1' });
    expect(paths(seen)).toEqual(['/classify_async', '/classify_async']);
    expect(JSON.parse(seen[0]?.body ?? '')).toHaveProperty('async.metadata.documentJobs.marker', 'm1');
  });
});

describe('where there is none', () => {
  it.each([
    ['404', noRoute],
    ['405', { status: 405, body: { detail: 'Method Not Allowed' } }],
    ['a bare 404', { status: 404, body: '' }],
    ['a bare 405', { status: 405, body: '' }],
  ])('(%s) the synchronous one answers with the body, and is used at once from then on', async (_what, missing) => {
    await withVendor(older({ status: 200, body: finished }, missing), {}, async (provider, { seen }) => {
      expect(await provider.submit(request, { marker: 'm1' }, {})).toEqual({ jobId: 'c1', body: finished });
      expect(await provider.submit(request, { marker: 'm2' }, {})).toEqual({ jobId: 'c1', body: finished });
      expect(paths(seen)).toEqual(['/classify_async', '/classify', '/classify']);
      expect(JSON.parse(seen[1]?.body ?? '')).toEqual({
        ...(request.options as JsonObject),
        input: request.input,
        page_range: [1],
      });
    });
  });

  it('a result behind a URL is fetched; one that does not come is left for the reads to follow', async () => {
    for (const status of [200, 503]) {
      const answer = ({ url }: Seen, base: string): Answer => {
        if (url === '/classify_async') return noRoute;
        if (url === '/store') return { status, body: { category: 'invoice' } };
        return { status: 200, body: { ...finished, result: { type: 'url', url: `${base}/store`, result_id: 'r' } } };
      };
      await withVendor(answer, {}, async (provider) => {
        const expected = status === 200 ? { jobId: 'c1', body: finished } : { jobId: 'c1' };
        expect(await provider.submit(request, { marker: 'm1' }, {})).toEqual(expected);
      });
    }
  });

  it('the answer may take longer than other calls', async () => {
    const late: Answer = {
      byHand: (_request, response) => {
        setTimeout(() => response.writeHead(200).end(JSON.stringify(finished)), 300);
      },
    };
    await withVendor(older(late), { limits: { headersMs: 100 }, submitTimeoutMs: 150 }, async (provider) => {
      expect(await provider.submit(request, { marker: 'm1' }, {})).toMatchObject({ jobId: 'c1' });
    });
  });

  it.each([
    ['a lost reply', { byHand: (incoming) => incoming.socket.destroy() }, 'unreachable', true],
    ['408', { status: 408 }, 'server', true],
    ['503', { status: 503, body: named('SERVICE_UNAVAILABLE') }, 'server', true],
    ['a page', { status: 200, body: '<html></html>' }, 'invalid_reply', true],
    ['no job id', { status: 200, body: { result: { category: 'x' } } }, 'invalid_reply', true],
    ['429', { status: 429 }, 'rate_limited', undefined],
    ['401', { status: 401 }, 'auth', undefined],
    ['422', { status: 422, body: { detail: [] } }, 'rejected', undefined],
  ] as [string, Answer, string, true | undefined][])(
    'answered with %s the job, if there is one, has no marker',
    async (_what, sync, kind, unmarked) => {
      await withVendor(older(sync), {}, async (provider) => {
        const { facts } = await errorOf(provider.submit(request, { marker: 'm1' }, {}));
        expect(facts).toMatchObject({ kind, endpoint: 'POST /classify' });
        expect(facts.unmarked).toBe(unmarked);
      });
    },
  );

  it('jobs can not be looked for', async () => {
    const answer = (seen: Seen): Answer =>
      seen.method === 'GET' ? { status: 200, body: { jobs: [] } } : older({ status: 200, body: finished })(seen);
    await withVendor(answer, {}, async (provider) => {
      expect(await provider.findJob?.(wanted('classify', since), {})).toBeNull();
      await provider.submit(request, { marker: 'm1' }, {});
      expect(await provider.findJob?.(wanted('classify', since), {})).toBe('unsupported');
      expect(await provider.findJob?.(wanted('parse', since), {})).toBeNull();
    });
  });

  it('a process that does not know so yet takes a classify without a marker for one that could be ours', async () => {
    const job = (id: string, config: object) => ({ job_id: id, type: 'Classify', raw_config: JSON.stringify(config) });
    const ours = job('a', { async: { metadata: { documentJobs: { marker: 'other' } } } });
    for (const [jobs, found] of [
      [[ours], null],
      [[ours, job('b', { input: 'x' })], 'unsupported'],
    ] as const) {
      await withVendor({ status: 200, body: { jobs } }, {}, async (provider) => {
        expect(await provider.findJob?.(wanted('classify', since), {})).toBe(found);
      });
    }
  });
});

it.each([
  ['503', { status: 503 }],
  ['a proxy’s 404 page', { status: 404, body: '<html>404</html>' }],
  ['a refusal', { status: 422, body: { detail: [] } }],
])('%s of the asynchronous endpoint is no reason to use the other', async (_what, answer) => {
  await withVendor(answer, {}, async (provider, { seen }) => {
    const { facts } = await errorOf(provider.submit(request, { marker: 'm1' }, {}));
    expect(facts).toMatchObject({ endpoint: 'POST /classify_async' });
    expect(facts).not.toHaveProperty('unmarked');
    expect(paths(seen)).toEqual(['/classify_async']);
  });
});

it('a document that is gone is no missing endpoint: both say 404, and nothing is remembered', async () => {
  const gone: Answer = { status: 404, body: named('NOT_FOUND') };
  let isGone = true;
  const answer = ({ url }: Seen): Answer => {
    if (isGone) return gone;
    return url === '/classify_async' ? { status: 200, body: { job_id: 'c2' } } : { status: 500 };
  };
  await withVendor(answer, {}, async (provider) => {
    const uploaded = { ...request, input: 'reducto://f.pdf' };
    const { facts } = await errorOf(provider.submit(uploaded, { marker: 'm1' }, {}));
    expect(facts).toMatchObject({ kind: 'reference_expired' });
    isGone = false;
    expect(await provider.submit(uploaded, { marker: 'm2' }, {})).toEqual({ jobId: 'c2' });
  });
});

it('another operation’s 404 is not answered with a second POST', async () => {
  await withVendor(noRoute, {}, async (provider, { seen }) => {
    expect(
      (await errorOf(provider.submit({ operation: 'parse', input: 'https://h/a' }, { marker: 'm' }, {}))).kind,
    ).toBe('rejected');
    expect(paths(seen)).toEqual(['/parse_async']);
  });
});

it('at a sandbox without the asynchronous endpoint, one job is made and its body can be read both ways', async () => {
  await using sandbox = await createSandbox({ speed: 1_000, reducto: { classifyAsync: false } });
  const provider = reducto(sandbox.reducto);
  try {
    const form = new FormData();
    form.set('file', new File(['Invoice\nTotal: 12.50'], 'note.txt'));
    const headers = { authorization: `Bearer ${sandbox.reducto.apiKey}` };
    const answer = await fetch(`${sandbox.reducto.baseUrl}/upload`, { method: 'POST', headers, body: form });
    const { file_id: input } = (await answer.json()) as { file_id: string };
    const uploaded: OperationRequest = { ...request, input, options: { ...request.options, force_url_result: true } };
    const { jobId, body } = await provider.submit(uploaded, { marker: 'm1' }, {});
    expect(provider.interpret('classify', jobId, body)).toMatchObject({ value: { category: 'invoice' } });
    const read = await provider.get(jobId, 'classify', {});
    expect(read?.snapshot.status).toBe('completed');
    const listed = await provider.listJobs?.({}, {});
    expect(listed?.jobs).toMatchObject([{ jobId, type: 'Classify', status: 'completed' }]);
  } finally {
    await provider.close();
  }
});
