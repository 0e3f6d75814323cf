import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Provider } from '../../src/providers/provider.js';
import { pulse, reducto } from '../../src/providers/index.js';
import * as formats from '../../src/providers/webhook-formats.js';

const servers: Server[] = [];
afterEach(() => servers.splice(0).forEach((server) => server.close()));

const LINK = 'https://app.svix.com/login#key=canary';

/** A vendor that gives one answer, and notes what it was asked. */
async function vendor(answer: string, status = 200): Promise<{ baseUrl: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(status, { 'content-type': 'application/json' }).end(answer);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const open: Record<string, (baseUrl: string) => Provider> = {
  reducto: (baseUrl) => reducto({ apiKey: 'key-of-the-account', baseUrl }),
  pulse: (baseUrl) => pulse({ apiKey: 'key-of-the-account', baseUrl }),
};

describe.each([
  ['reducto', 'POST /configure_webhook', JSON.stringify(LINK)],
  ['pulse', 'POST /webhook', JSON.stringify({ link: LINK, more: 1 })],
])('the portal of %s', (name, request, good) => {
  it('is asked for with one POST', async () => {
    const { baseUrl, asked } = await vendor(good);
    const provider = open[name]!(baseUrl);
    expect(await provider.webhookPortal!({})).toBe(LINK);
    expect(asked).toEqual([request]);
    await provider.close();
  });

  it.each([
    ['no JSON', 'canary'],
    ['another kind of thing', '[7,"canary"]'],
    ['another scheme', good.replace('https:', 'javascript:')],
  ])('is no answer with %s, and that is not repeated', async (_what, answer) => {
    const { baseUrl } = await vendor(answer);
    const provider = open[name]!(baseUrl);
    const error = await provider.webhookPortal!({}).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'VendorError', kind: 'invalid_reply' });
    expect(String(error)).not.toContain('canary');
    await provider.close();
  });

  it('is refused without the right key', async () => {
    const { baseUrl } = await vendor('{"detail":"no"}', 401);
    const provider = open[name]!(baseUrl);
    await expect(provider.webhookPortal!({})).rejects.toMatchObject({ kind: 'auth' });
    await provider.close();
  });

  it('goes with a format of its webhooks', () => {
    expect((formats as Record<string, { name: string }>)[name]?.name).toBe(name);
  });
});
