import type { Mutant } from './mutant.js';

const SIGNATURE = ['test/webhooks/signature.test.ts'];
const HANDLER = ['test/webhooks/answers.test.ts', 'test/webhooks/events.test.ts'];
const DELIVERY = ['test/webhooks/temporal-delivery.test.ts'];

/** Safeguards of the webhook receiver. */
export const WEBHOOK_MUTANTS: readonly Mutant[] = [
  {
    name: 'webhook-signature',
    guarantee: 'G8',
    removes: 'asks for a signature that fits',
    file: 'src/webhooks/verify/check-signature.ts',
    find: "return fitting.length > 0 ? 'good' : 'bad-signature';",
    replace: "return fitting.length >= 0 ? 'good' : 'bad-signature';",
    tests: SIGNATURE,
  },
  {
    name: 'webhook-window',
    guarantee: 'G8',
    removes: 'refuses messages from the future',
    file: 'src/webhooks/verify/check-signature.ts',
    find: 'Math.abs(Math.floor(nowMs / 1_000) - timestamp) > WINDOW_S',
    replace: 'Math.floor(nowMs / 1_000) - timestamp > WINDOW_S',
    tests: SIGNATURE,
  },
  {
    name: 'webhook-families',
    guarantee: 'G8',
    removes: 'takes the three headers of one family: any of either would do',
    file: 'src/webhooks/verify/check-signature.ts',
    find: 'headers.get(`${family}-${part}`));',
    replace: 'headers.get(`svix-${part}`) ?? headers.get(`webhook-${part}`) ?? (family && null));',
    tests: SIGNATURE,
  },
  {
    name: 'webhook-compare',
    guarantee: 'G8',
    removes: 'compares to the end, whatever the first difference',
    file: 'src/webhooks/verify/same-text.ts',
    find: 'index < expected.length;',
    replace: 'index < expected.length && difference === 0;',
    tests: SIGNATURE,
  },
  {
    name: 'webhook-bytes',
    guarantee: 'G8',
    removes: 'reads bytes without loss: a byte order mark is dropped',
    file: 'src/webhooks/read-body.ts',
    find: 'ignoreBOM: true',
    replace: 'ignoreBOM: false',
    tests: HANDLER,
  },
  {
    name: 'webhook-token',
    guarantee: 'G8',
    removes: 'asks for the token of unsigned calls',
    file: 'src/webhooks/create-webhook-handler.ts',
    find: 'if (account.tokens === null || !fits)',
    replace: 'if (account.tokens === null && !fits)',
    tests: HANDLER,
  },
  {
    name: 'webhook-cap',
    guarantee: 'G8',
    removes: 'stops reading a body over the cap',
    file: 'src/webhooks/read-body.ts',
    find: 'if (size > maxBytes) {',
    replace: 'if (size > maxBytes * 1e9) {',
    tests: HANDLER,
  },
  {
    name: 'webhook-not-lost',
    guarantee: 'G8',
    removes: 'tells the sender to come again when Temporal did not take the event',
    file: 'src/webhooks/temporal-delivery.ts',
    find: "if (isOver(error)) return 'nobody-waits';",
    replace: "if (isOver(error) || error instanceof Error) return 'nobody-waits';",
    tests: DELIVERY,
  },
  {
    name: 'webhook-namespace',
    guarantee: 'G8',
    removes: 'leaves alone the workflows of other namespaces that share the vendor’s account',
    file: 'src/webhooks/temporal-delivery.ts',
    find: "if (own !== undefined && own !== owner.namespaceId) return 'nobody-waits';",
    replace: "if (own === '') return 'nobody-waits';",
    tests: DELIVERY,
  },
  {
    name: 'webhook-repeats',
    guarantee: 'G8',
    removes: 'hands a message on once, however often it is repeated',
    file: 'src/webhooks/once-each.ts',
    find: 'done.set(name, { at: now, value });',
    replace: 'done.delete(name);',
    tests: HANDLER,
  },
];
