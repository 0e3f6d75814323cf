// What a user deploys where there is no Node: the whole entry, and an event that is forwarded by HTTP. Bundled and run by edge-runtime.test.ts.
import * as webhooks from '../../src/webhooks/index.js';
import { checkSignature, signatureHeaders } from '../../src/webhooks/verify/check-signature.js';
import { signingKey } from '../../src/webhooks/verify/signing-key.js';

/** Bindings: what the runtime knows of its surroundings. */
interface Bindings {
  secret: string;
  token: string;
  queueUrl: string;
}

declare const BINDINGS: Bindings;
const { secret, token, queueUrl } = BINDINGS;

export const receive = webhooks.createWebhookHandler({
  accounts: {
    reducto: { provider: 'reducto', secrets: async () => [secret], directToken: token },
    pulse: { provider: 'pulse', secrets: secret },
  },
  async deliver(event) {
    const answer = await fetch(queueUrl, { method: 'POST', body: JSON.stringify(event) });
    if (!answer.ok) throw new Error('the queue did not take it');
  },
});

/** A message signed elsewhere, and the same signed here. */
export function check(
  headers: Record<string, string>,
  body: string,
  key: string,
  nowMs: number,
): { verdict: string; signature: string } {
  const read = signatureHeaders(new Headers(headers));
  if (read === null) return { verdict: 'no-signature', signature: '' };
  const signing = signingKey(key);
  return {
    verdict: checkSignature(read, body, [signing], nowMs),
    signature: signing.sign(read.id, read.timestamp, body),
  };
}

/** All that the entry has: loaded whole, whatever of it is used. */
export const names = Object.keys(webhooks);

interface FetchEvent {
  request: Request;
  respondWith(response: Promise<Response>): void;
}
declare function addEventListener(type: 'fetch', listener: (event: FetchEvent) => void): void;
addEventListener('fetch', (event) => event.respondWith(receive(event.request)));
