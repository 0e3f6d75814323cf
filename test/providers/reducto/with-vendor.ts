import type { Provider } from '../../../src/providers/provider.js';
import { reducto, type ReductoOptions } from '../../../src/providers/reducto/index.js';
import { errorOfCallsWith } from '../error-of.js';
import { type Answer, type Seen, serveVendor, type VendorServer } from '../vendor-server.js';

export const KEY = 'sk-very-secret';

/** Runs a test between our client and a vendor of its own making. */
export async function withVendor(
  answer: Answer | ((seen: Seen, url: string) => Answer),
  options: Partial<ReductoOptions>,
  test: (provider: Provider, server: VendorServer) => Promise<void>,
): Promise<void> {
  await using server = await serveVendor(answer);
  const provider = reducto({ apiKey: KEY, baseUrl: server.url, ...options });
  try {
    await test(provider, server);
  } finally {
    await provider.close();
  }
}

export const errorOf = errorOfCallsWith(KEY);
