import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NOT_PUBLIC, SIGNATURE } from '../providers/hostile-urls.js';
import { serveVendor, type VendorServer } from '../providers/vendor-server.js';
import { AT_ONCE, withPulse } from './pulse/client.js';
import { withSandbox } from './client.js';

let elsewhere: VendorServer;
beforeAll(async () => {
  elsewhere = await serveVendor(({ url }) =>
    url.startsWith('/large')
      ? { status: 200, headers: { 'content-length': '100000001' } }
      : { status: 302, headers: { location: `https://169.254.169.254/latest?${SIGNATURE}` } },
  );
});
afterAll(() => elsewhere[Symbol.asyncDispose]());

/** One of each range, by name and by address, and one that is only seen on the way. */
const refused = (): string[] => [
  ...new Map(NOT_PUBLIC.filter(([, range]) => range !== 'loopback').map(([url, range]) => [range, url])).values(),
  'https://db.internal/a.pdf',
  `https://user:pw@10.0.0.1/a.pdf?${SIGNATURE}`,
  `${elsewhere.url}/redirect.pdf`,
];

describe('reducto answers a URL that leads where no document is fetched from', () => {
  it('in the job that it accepts', async () => {
    await withSandbox({}, async ({ client, clock, sandbox }) => {
      for (const input of refused()) {
        const id = await client.submit('parse', { input });
        await client.job(id);
        clock.advance(10_000);
        const { status, error } = await client.job(id);
        expect({ status, error }, input).toMatchObject({
          status: 'Failed',
          error: { code: 403, name: 'URL_NOT_ALLOWED', message: expect.stringContaining('URL is refused') as string },
        });
        expect(JSON.stringify(error)).not.toContain(SIGNATURE);
      }
      expect(sandbox.ledger.billed()).toEqual({ pages: 0, credits: 0 });
    });
  });

  it('or at once, as it may', async () => {
    await withSandbox({ reducto: { unreadableAt: 'submit' } }, async ({ client }) => {
      for (const input of refused()) {
        expect(await client.post('/parse_async', { input }), input).toMatchObject({
          status: 403,
          body: { error: { name: 'URL_NOT_ALLOWED' } },
        });
      }
      const tooLarge = { input: `${elsewhere.url}/large.pdf` };
      expect(await client.post('/parse_async', tooLarge)).toMatchObject({
        status: 413,
        body: { error: { name: 'DOCUMENT_TOO_LARGE' } },
      });
    });
  });
});

it('pulse answers as if it could not be downloaded', async () => {
  await withPulse(AT_ONCE, async ({ client }) => {
    for (const file_url of refused()) {
      const { status, body } = await client.post('/extract', { file_url });
      expect({ status, body }, file_url).toMatchObject({
        status: 400,
        body: { error: { code: 'FILE_005', message: expect.stringContaining('URL is refused') as string } },
      });
      expect(JSON.stringify(body)).not.toContain(SIGNATURE);
    }
    const tooLarge = { file_url: `${elsewhere.url}/large.pdf` };
    expect(await client.post('/extract', tooLarge)).toMatchObject({
      status: 413,
      body: { error: { code: 'FILE_002' } },
    });
  });
});

it('a sandbox that listens to others fetches nothing of its own machine, unless it is told to', async () => {
  const input = `${elsewhere.url}/large.pdf`;
  const atOnce = { reducto: { unreadableAt: 'submit' }, host: '0.0.0.0' } as const;
  await withSandbox(atOnce, async ({ client }) => {
    expect(await client.post('/parse_async', { input })).toMatchObject({ status: 403 });
  });
  await withSandbox({ ...atOnce, allowPrivateSources: true }, async ({ client }) => {
    expect(await client.post('/parse_async', { input })).toMatchObject({ status: 413 });
  });
});
