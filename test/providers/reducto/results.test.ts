import { describe, expect, it } from 'vitest';
import type { Operation } from '../../../src/jobs/types.js';
import type { JobRead } from '../../../src/providers/provider.js';
import { reducto } from '../../../src/providers/reducto/index.js';
import { VendorError } from '../../../src/providers/vendor-error.js';
import { type Answer, type Seen, serveVendor } from '../vendor-server.js';
import { loadBody } from '../../support/load-body.js';

const full = { type: 'full', chunks: [{ content: 'c', embed: 'c', blocks: [] }], ocr: null, custom: null };
const at = (url: string) => ({ usage: { num_pages: 2, credits: 2 }, result: { type: 'url', url, result_id: 'r' } });

/** Reads one job, and the body of a completed one, from a vendor whose answers go by path. */
async function read(
  answers: (seen: Seen, url: string) => Answer,
  { jobId = 'j1', operation = 'parse' }: { jobId?: string; operation?: Operation } = {},
): Promise<{ outcome: Omit<JobRead, 'body'> | VendorError | null; body?: unknown; seen: Seen[] }> {
  await using server = await serveVendor(answers);
  const provider = reducto({ apiKey: 'sk-1', baseUrl: server.url });
  const caught = (error: unknown): VendorError => error as VendorError;
  try {
    const outcome = await provider.get(jobId, operation, {}).catch(caught);
    if (outcome === null || !('body' in outcome)) return { outcome, seen: server.seen };
    const { body: place, ...job } = outcome;
    const body = place && (await loadBody(provider, { jobId, operation }, place).catch(caught));
    return { outcome: body instanceof VendorError ? body : job, body, seen: server.seen };
  } finally {
    await provider.close();
  }
}

const completed = (result: unknown): Answer => ({ status: 200, body: { status: 'Completed', result } });

describe('a status read', () => {
  it.each([
    [
      'running',
      { status: 200, body: { status: 'InProgress', progress: 10, num_pages: 3 } },
      { snapshot: { status: 'running', vendorStatus: 'InProgress', progress: 10 }, usage: { pages: 3, credits: null } },
    ],
    [
      'of a status body that says cancelled',
      { status: 409, body: { error: { name: 'JOB_CANCELLED' } } },
      {
        snapshot: { status: 'cancelled', vendorStatus: 'Cancelled', progress: null },
        usage: { pages: null, credits: null },
      },
    ],
    ['unknown', { status: 404, body: { error: { name: 'NOT_FOUND' } } }, null],
    ['being deleted', { status: 409, body: { error: { name: 'JOB_DELETION_IN_PROGRESS' } } }, null],
    ['deleted', { status: 410, body: '' }, null],
  ])('%s', async (_what, answer, outcome) => {
    expect((await read(() => answer)).outcome).toEqual(outcome);
  });

  it.each([404, 409])('answered %i by something in between says nothing of the job', async (status) => {
    for (const body of ['', '<html>no such route</html>']) {
      const { outcome } = await read(() => ({ status, body }));
      expect((outcome as VendorError).facts).toMatchObject({ kind: 'server', httpStatus: status });
    }
  });

  it.each([
    ['a/b', '/job/a%2Fb'],
    ['ä?x=1#f', '/job/%C3%A4%3Fx%3D1%23f'],
  ])('puts %s into the path as %s', async (jobId, url) => {
    const { seen } = await read(() => ({ status: 404 }), { jobId });
    expect(seen).toMatchObject([{ method: 'GET', url }]);
  });

  it('takes an inline result with its usage', async () => {
    const body = { usage: { num_pages: 2, credits: null }, result: full };
    const { outcome, body: loaded } = await read(() => completed(body));
    expect(outcome).toMatchObject({ snapshot: { status: 'completed' }, usage: { pages: 2, credits: null } });
    expect(loaded).toEqual(body);
  });
});

describe('a result behind a URL', () => {
  it.each([
    ['object', full],
    ['list', full.chunks],
  ])('is fetched without the key: %s', async (_what, stored) => {
    const { outcome, body, seen } = await read(({ url }, base) =>
      url === '/job/j1' ? completed(at(`${base}/store/r?X-Amz-Signature=1`)) : { status: 200, body: stored },
    );
    expect(outcome).toMatchObject({ usage: { pages: 2, credits: 2 } });
    expect(body).toMatchObject({ result: full });
    expect(seen.map(({ url, headers }) => [url, headers.authorization])).toEqual([
      ['/job/j1', 'Bearer sk-1'],
      ['/store/r?X-Amz-Signature=1', undefined],
    ]);
    expect(JSON.stringify([outcome, body])).not.toContain('Signature');
  });

  const expired = { status: 403, body: '<Error><Code>AccessDenied</Code></Error>' };

  it('that has expired is fetched from the URL of a fresh read', async () => {
    let reads = 0;
    const { body, seen } = await read(({ url }, base) => {
      if (url === '/job/j1') return completed(at(`${base}/store/${++reads}`));
      return url === '/store/1' ? expired : { status: 200, body: full };
    });
    expect(body).toMatchObject({ result: full });
    expect(seen.map(({ url }) => url)).toEqual(['/job/j1', '/store/1', '/job/j1', '/store/2']);
  });

  it('that has expired again is trouble, no refusal of the key', async () => {
    const { outcome, seen } = await read(({ url }, base) =>
      url === '/job/j1' ? completed(at(`${base}/store/r?sig=1`)) : expired,
    );
    expect(seen).toHaveLength(4);
    expect((outcome as VendorError).facts).toEqual({
      kind: 'server',
      endpoint: 'GET result URL',
      httpStatus: 403,
      reason: '403 storage says AccessDenied',
      sent: true,
    });
  });

  it('whose job is gone by the fresh read is trouble: the next read tells that it is gone', async () => {
    let reads = 0;
    const { outcome } = await read(({ url }, base) => {
      if (url !== '/job/j1') return expired;
      return ++reads === 1 ? completed(at(`${base}/store/r`)) : { status: 410 };
    });
    expect((outcome as VendorError).facts).toMatchObject({ kind: 'server', httpStatus: 403 });
  });

  it.each([
    ['a redirect', { status: 302, headers: { location: 'https://h/r' } }, 'server'],
    ['a missing object', { status: 404, body: '<Error><Code>NoSuchKey</Code></Error>' }, 'server'],
    ['no JSON', { status: 200, body: 'text of the document' }, 'invalid_reply', 'finished result'],
  ])('%s is an error without its text', async (_what, stored, kind, endpoint = 'GET result URL') => {
    const { outcome } = await read(({ url }, base) => (url === '/job/j1' ? completed(at(`${base}/store`)) : stored));
    expect((outcome as VendorError).facts).toMatchObject({ kind, endpoint });
    expect((outcome as VendorError).message).not.toContain('text of the document');
  });

  it.each([
    'http://storage.example/r?sig=1',
    'ftp://127.0.0.1/r',
    'file:///etc/passwd',
    'https://169.254.169.254/r?sig=1',
    'https://[fd00:ec2::254]/',
  ])('is not fetched from %s', async (url) => {
    const { outcome, seen } = await read(() => completed(at(url)));
    expect((outcome as VendorError).facts).toMatchObject({ kind: 'invalid_reply', field: 'result.url' });
    expect((outcome as VendorError).message).not.toContain('sig');
    expect(seen).toHaveLength(1);
  });
});
