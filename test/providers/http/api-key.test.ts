import { expect, it } from 'vitest';
import { readKey } from '../../../src/providers/http/api-key.js';
import { VendorError, type VendorErrorFacts } from '../../../src/providers/vendor-error.js';

const never = new Promise<string>(() => undefined);

async function factsOf(call: Promise<unknown>): Promise<VendorErrorFacts> {
  const error: unknown = await call.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(VendorError);
  return (error as VendorError).facts;
}

it('gives the key, trimmed, from wherever it comes', async () => {
  expect(await readKey(' k-1\n', 'E', {})).toBe('k-1');
  expect(await readKey(() => 'k-2', 'E', {})).toBe('k-2');
  expect(await readKey(async () => 'k-3', 'E', {})).toBe('k-3');
});

it.each([[''], ['two\nlines'], ['a “quoted” key'], [() => undefined as unknown as string]])(
  'refuses %j for a key without repeating it',
  async (key) => {
    const facts = await factsOf(readKey(key, 'E', {}));
    expect(facts).toMatchObject({ kind: 'auth', endpoint: 'E', sent: false });
    expect(facts.reason).not.toMatch(/lines|quoted/);
  },
);

it('takes a failing function for trouble that may pass, and does not repeat its words', async () => {
  const fails = (): string => {
    throw new RangeError('vault token s.1234');
  };
  for (const apiKey of [fails, async () => fails()]) {
    expect(await factsOf(readKey(apiKey, 'E', {}))).toEqual({
      kind: 'unreachable',
      endpoint: 'E',
      reason: 'the apiKey function threw RangeError',
      sent: false,
    });
  }
});

it('does not wait for ever', async () => {
  expect(await factsOf(readKey(() => never, 'E', {}, 20))).toEqual({
    kind: 'unreachable',
    endpoint: 'E',
    reason: 'the apiKey function gave no key in time',
    sent: false,
  });
});

it('rethrows the caller’s own reason', async () => {
  const reason = { why: 'the caller' };
  await expect(readKey(() => never, 'E', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});
