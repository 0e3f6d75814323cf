import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { Operation } from '../../../src/jobs/types.js';
import type { JobBody, Provider } from '../../../src/providers/provider.js';
import { type Answer, type Seen, serveVendor } from '../vendor-server.js';
import { drop, errorOf, EXTRACTION, KEY, withPulse } from './helpers.js';

type Large = Extract<JobBody, { kind: 'single_read' }>;

/** A completed job whose result is at `place` of the vendor's own host, or at a whole URL. */
const pointing =
  (large: Answer, place = '/large_results/j?t=secret', facts: object = {}) =>
  ({ url: path }: Seen, url: string): Answer => {
    if (!path.startsWith('/job/')) return large;
    const result = { is_url: true, url: place.startsWith('/') ? `${url}${place}` : place, ...facts };
    return { status: 200, body: { status: 'completed', result } };
  };

async function largeOf(provider: Provider, operation: Operation = 'parse'): Promise<Large> {
  const read = await provider.get('j', operation, {});
  if (read?.body?.kind !== 'single_read') throw new Error('expected a single read');
  return read.body;
}

async function textOf(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

const served: Answer = { status: 200, body: { markdown: '# A' } };

describe('what the pointer tells', () => {
  const facts = { extraction_id: EXTRACTION, page_count: 84, credits_used: 84 };

  it('of a parse is enough to go on', async () => {
    await withPulse(pointing(served, undefined, facts), {}, async (provider, server) => {
      const usage = { pages: 84, credits: 84 };
      expect((await largeOf(provider)).known).toEqual({ reference: EXTRACTION, pageCount: 84, usage });
      expect((await provider.get('j', 'parse', {}))?.usage).toEqual(usage);
      expect(
        server.seen.map(({ url }) => url),
        'nothing is opened unasked',
      ).toEqual(['/job/j', '/job/j']);
    });
  });

  it('is read back from the body where it has no reference, or is of another operation', async () => {
    await withPulse(pointing(served), {}, async (provider) => {
      expect(await largeOf(provider)).not.toHaveProperty('known');
    });
    await withPulse(pointing(served, undefined, facts), {}, async (provider) => {
      for (const operation of ['extract', 'split', 'tables', 'pipeline'] as const) {
        expect(await largeOf(provider, operation)).not.toHaveProperty('known');
      }
    });
  });
});

describe('opening it', () => {
  it('streams the bytes, with the key on the vendor’s own host', async () => {
    await withPulse(pointing(served), {}, async (provider, server) => {
      expect(await textOf(await (await largeOf(provider)).open({}))).toBe('{"markdown":"# A"}');
      expect(server.seen[1]).toMatchObject({
        method: 'GET',
        url: '/large_results/j?t=secret',
        headers: { 'x-api-key': KEY },
      });
    });
  });

  it('sends the key to no other origin', async () => {
    await using storage = await serveVendor(served);
    await withPulse(pointing(served, `${storage.url}/bucket/j?sig=1`), {}, async (provider) => {
      expect(await textOf(await (await largeOf(provider)).open({}))).toBe('{"markdown":"# A"}');
      expect(storage.seen[0]?.url).toBe('/bucket/j?sig=1');
      expect(JSON.stringify(storage.seen)).not.toContain(KEY);
    });
  });

  it.each([
    'http://bucket.example/j',
    'file:///etc/passwd',
    'not a URL',
    'https://2852039166/j',
    'https://u:p@h.example/',
  ])('does not open %s', async (place) => {
    await withPulse(pointing(served, place), {}, async (provider, server) => {
      const { facts } = await errorOf((await largeOf(provider)).open({}));
      expect(facts).toMatchObject({ kind: 'invalid_reply', field: 'result.url' });
      expect(server.seen).toHaveLength(1);
    });
  });

  it.each([
    [410, { error: { code: 'STORAGE_002', message: 'already downloaded' } }, 'consumed'],
    [410, '', 'consumed'],
    [404, { error: 'not found' }, 'consumed'],
    [404, '<Error><Code>NoSuchKey</Code></Error>', 'consumed'],
    [404, '<!doctype html><title>404 Not Found</title>', 'server'],
    [404, '', 'server'],
    [401, { error: { code: 'AUTH_002', message: KEY } }, 'server'],
    [403, '<Error><Code>AccessDenied</Code></Error>', 'server'],
    [400, {}, 'server'],
    [302, '', 'server'],
    [206, '{"mark', 'server'],
    [429, '', 'rate_limited'],
    [500, '', 'server'],
  ])('that answers %i %j: %s', async (status, body, kind) => {
    await withPulse(pointing({ status, body }), {}, async (provider) => {
      const { facts } = await errorOf((await largeOf(provider)).open({}));
      expect(facts).toMatchObject({ kind, endpoint: 'GET large result', httpStatus: status });
      expect(JSON.stringify(facts)).not.toContain('secret');
    });
  });

  it('that is dropped is no word of the vendor’s', async () => {
    await withPulse(pointing(drop), {}, async (provider) => {
      expect((await errorOf((await largeOf(provider)).open({}))).kind).toBe('unreachable');
    });
  });

  it('that breaks off half way says so to the reader', async () => {
    const half: Answer = {
      byHand: (_request, response) => {
        response.writeHead(200, { 'content-length': '100' }).write('{"markdown":');
        setImmediate(() => response.destroy());
      },
    };
    await withPulse(pointing(half), {}, async (provider) => {
      const bytes = await (await largeOf(provider)).open({});
      expect((await errorOf(textOf(bytes))).facts).toMatchObject({ kind: 'unreachable', endpoint: 'GET large result' });
    });
  });

  it('that falls silent says so to the reader', async () => {
    const silent: Answer = { byHand: (_request, response) => void response.writeHead(200).write('{"markdown":') };
    await withPulse(pointing(silent), { limits: { bodyMs: 50 } }, async (provider) => {
      const bytes = await (await largeOf(provider)).open({});
      expect((await errorOf(textOf(bytes))).facts).toMatchObject({
        kind: 'unreachable',
        reason: expect.stringMatching(/half way/) as string,
      });
    });
  });

  it.each(['with its length', 'without'])('that is over the limit is cut off (%s)', async (how) => {
    const text = 'x'.repeat(2_000);
    const long: Answer =
      how === 'without'
        ? { byHand: (_request, response) => void response.writeHead(200).end(text, () => undefined) }
        : { status: 200, body: text, headers: { 'content-length': '2000' } };
    await withPulse(pointing(long), { limits: { maxBodyBytes: 1_000 } }, async (provider) => {
      const bytes = await (await largeOf(provider)).open({});
      expect((await errorOf(textOf(bytes))).facts).toMatchObject({
        kind: 'invalid_reply',
        endpoint: 'GET large result',
        reason: expect.stringMatching(/limit of 1000 bytes/) as string,
      });
    });
  });

  it('may be given up, before the first byte or after', async () => {
    const open: ServerResponse[] = [];
    const endless: Answer = {
      byHand: (_request, response) => {
        open.push(response);
        response.writeHead(200).write('{');
      },
    };
    await withPulse(pointing(endless), {}, async (provider) => {
      const unread = (await (await largeOf(provider)).open({}))[Symbol.asyncIterator]();
      await Promise.all([once(open[0]!, 'close'), unread.return?.()]);
      for await (const chunk of await (await largeOf(provider)).open({})) {
        expect(Buffer.from(chunk).toString()).toBe('{');
        break;
      }
      if (!open[1]!.closed) await once(open[1]!, 'close');
      expect(open).toHaveLength(2);
    });
  });
});
