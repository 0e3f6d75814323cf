import type { Provider } from '../../../src/providers/provider.js';
import { pulse, type PulseOptions } from '../../../src/providers/pulse/index.js';
import { errorOfCallsWith } from '../error-of.js';
import { type Answer, type Seen, serveVendor, type VendorServer } from '../vendor-server.js';

export const KEY = 'pk-very-secret';
export const EXTRACTION = '0b6c1c9e-5d8e-4a51-9d3a-0c6f3f0a7a11';
export const SPLIT = '7d1f6a34-2f6e-4f0e-8d55-5b7c3a9e1b22';

export async function withPulse(
  answer: Answer | ((seen: Seen, url: string) => Answer),
  options: Partial<PulseOptions>,
  test: (provider: Provider, server: VendorServer) => Promise<void>,
): Promise<void> {
  await using server = await serveVendor(answer);
  const provider = pulse({ apiKey: KEY, baseUrl: server.url, ...options });
  try {
    await test(provider, server);
  } finally {
    await provider.close();
  }
}

export const errorOf = errorOfCallsWith(KEY);

export const hang: Answer = { byHand: () => undefined };
export const drop: Answer = { byHand: (request) => request.socket.destroy() };
export const page = (status: number, title: string): Answer => ({
  status,
  body: `<html><title>${title}</title></html>`,
  headers: { 'content-type': 'text/html' },
});
