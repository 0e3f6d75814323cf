import { expect, it } from 'vitest';
import type { ListQuery } from '../../../src/providers/provider.js';
import { errorOf, withVendor } from './with-vendor.js';

const empty = { status: 200, body: { jobs: [], next_cursor: null } };

it.each([
  [{}, '/jobs'],
  [{ limit: 1 }, '/jobs?limit=1'],
  [{ limit: 500, cursor: 'a b&c' }, '/jobs?limit=500&cursor=a+b%26c'],
  [{ excludeConfigs: true }, '/jobs?exclude_configs=true'],
  [{ excludeConfigs: false }, '/jobs?exclude_configs=false'],
])('asks for %j with %s', async (query, url) => {
  await withVendor(empty, {}, async (provider, server) => {
    expect(await provider.listJobs?.(query, {})).toEqual({ jobs: [], nextCursor: null });
    expect(server.seen).toMatchObject([{ method: 'GET', url }]);
  });
});

it.each([
  [{ limit: 0 }, /limit: expected a whole number from 1 to 500, got 0/],
  [{ limit: 501 }, /1 to 500, got 501/],
  [{ limit: 1.5 }, /1 to 500, got 1\.5/],
  [{ limit: NaN }, /1 to 500, got NaN/],
  [{ limit: '7' }, /1 to 500/],
  [{ cursor: '' }, /cursor: expected .* not empty/],
  [{ cursor: ' ' }, /cursor/],
  [{ cursor: null }, /cursor/],
])('refuses %j before anything is sent', async (query, words) => {
  await withVendor(empty, {}, async (provider, server) => {
    const error: unknown = await provider.listJobs?.(query as ListQuery, {}).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TypeError);
    expect((error as Error).message).toMatch(words);
    expect(server.seen).toHaveLength(0);
  });
});

it('gives jobs in neutral terms, whatever the vendor leaves out or adds', async () => {
  const jobs = [
    { job_id: 'a', status: 'Completed', type: 'Parse', created_at: '2026-11-24T10:00:00+01:00', num_pages: 3, more: 1 },
    { job_id: 'b', status: 'InProgress', type: null, created_at: '2026-11-24T10:00:00.5', num_pages: null },
    { job_id: 'c', status: 'Archived', created_at: 'yesterday', num_pages: 'three', raw_config: '' },
    { job_id: 'd' },
    { job_id: 'e', status: 'CANCELLED', type: 7 },
  ];
  const page = { status: 200, body: { jobs, next_cursor: 'next' } };
  await withVendor(page, {}, async (provider) => {
    const nothing = { type: null, operation: null, createdAt: null, pages: null };
    expect(await provider.listJobs?.({}, {})).toEqual({
      nextCursor: 'next',
      jobs: [
        {
          jobId: 'a',
          status: 'completed',
          vendorStatus: 'Completed',
          type: 'Parse',
          operation: 'parse',
          createdAt: '2026-11-24T09:00:00.000Z',
          pages: 3,
        },
        {
          ...nothing,
          jobId: 'b',
          status: 'running',
          vendorStatus: 'InProgress',
          createdAt: '2026-11-24T10:00:00.500Z',
        },
        { ...nothing, jobId: 'c', status: 'running', vendorStatus: 'Archived' },
        { ...nothing, jobId: 'd', status: 'running', vendorStatus: 'unknown' },
        { ...nothing, jobId: 'e', status: 'cancelled', vendorStatus: 'CANCELLED' },
      ],
    });
  });
});

it.each([
  [{ jobs: [], next_cursor: '' }, null],
  [{ jobs: [] }, null],
  [{ jobs: [], next_cursor: 'x' }, 'x'],
])('of %j the next page is %s', async (body, next) => {
  await withVendor({ status: 200, body }, {}, async (provider) => {
    expect((await provider.listJobs?.({}, {}))?.nextCursor).toBe(next);
  });
});

it.each([
  [400, { error: { name: 'INVALID_CONFIG', message: 'Invalid cursor.' } }, 'rejected'],
  [401, {}, 'auth'],
  [429, { message: '[CODE 1000]' }, 'rate_limited'],
  [503, {}, 'server'],
  [200, '<html>Log in</html>', 'invalid_reply'],
  [200, { jobs: [{}] }, 'invalid_reply'],
])('answered %i %j throws %s', async (status, body, kind) => {
  await withVendor({ status, body }, {}, async (provider) => {
    const { facts } = await errorOf(provider.listJobs!({ cursor: 'secret-cursor' }, {}));
    expect(facts).toMatchObject({ kind, endpoint: 'GET /jobs' });
  });
});
