import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createProvider, vendorFromEnvironment } from '../../src/cli/accounts.js';
import { sourcePolicyOf } from '../../src/cli/find-vendor.js';

const KEY = { REDUCTO_API_KEY: 'k', PULSE_API_KEY: 'k' };

describe('the environment of a vendor', () => {
  it.each([
    [{}, {}],
    [{ REDUCTO_RESULT_HOSTS: '' }, {}],
    [{ REDUCTO_RESULT_HOSTS: 'storage.example, *.s3.example ,' }, { resultHosts: ['storage.example', '*.s3.example'] }],
    [{ PULSE_RESULT_HOSTS: 'storage.example', PULSE_ALLOW_PRIVATE_SOURCES: '1' }, {}],
    [{ REDUCTO_ALLOW_PRIVATE_SOURCES: '1' }, { allowPrivateSources: true }],
    [{ REDUCTO_ALLOW_PRIVATE_SOURCES: ' True ' }, { allowPrivateSources: true }],
    [{ REDUCTO_ALLOW_PRIVATE_SOURCES: '0' }, {}],
    [{ REDUCTO_ALLOW_PRIVATE_SOURCES: 'no' }, {}],
    [{ REDUCTO_ALLOW_PRIVATE_SOURCES: '' }, {}],
  ])('%j says %j', (environment, config) => {
    expect(vendorFromEnvironment('reducto', { ...KEY, ...environment })).toEqual({ apiKey: 'k', ...config });
  });

  it.each([
    [{ PULSE_RESULT_HOSTS: 'https://storage.example/' }, 'PULSE_RESULT_HOSTS: expected hosts such as'],
    [{ PULSE_RESULT_HOSTS: '*' }, 'PULSE_RESULT_HOSTS: expected hosts such as'],
    [{ PULSE_ALLOW_PRIVATE_SOURCES: 'never' }, 'PULSE_ALLOW_PRIVATE_SOURCES: expected 1 or 0'],
  ])('%j is refused', (environment, words) => {
    expect(() => vendorFromEnvironment('pulse', { ...KEY, ...environment })).toThrow(
      expect.objectContaining({ exitCode: 2, message: expect.stringContaining(words) as string }) as Error,
    );
  });

  it.each(['reducto', 'pulse'])('reaches the provider of %s', async (name) => {
    const variable = `${name.toUpperCase()}_ALLOW_PRIVATE_SOURCES`;
    const request = { operation: 'parse', input: 'https://10.0.0.7/a.pdf' } as const;
    for (const [environment, field] of [
      [KEY, 'input'],
      [{ ...KEY, [variable]: '1' }, undefined],
    ] as const) {
      const provider = createProvider(name, vendorFromEnvironment(name, environment)!);
      expect(provider.check(request)?.field).toBe(field);
      await provider.close();
    }
  });
});

describe('where documents may lie', () => {
  beforeEach(() => {
    for (const name of ['API_KEY', 'BASE_URL', 'ALLOW_PRIVATE_SOURCES', 'RESULT_HOSTS'])
      vi.stubEnv(`REDUCTO_${name}`, '');
    for (const name of ['TEMPORAL_ADDRESS', 'TEMPORAL_PROFILE', 'TEMPORAL_NAMESPACE']) vi.stubEnv(name, undefined);
    vi.stubEnv('TEMPORAL_CONFIG_FILE', '/nonexistent/temporal.toml');
  });
  afterEach(() => vi.unstubAllEnvs());

  it.each([
    ['at a vendor', {}, {}, [false, false]],
    ['at a vendor inside', {}, { REDUCTO_API_KEY: 'k', REDUCTO_ALLOW_PRIVATE_SOURCES: '1' }, [false, true]],
    [
      'at a base URL on loopback',
      {},
      { REDUCTO_API_KEY: 'k', REDUCTO_BASE_URL: 'http://127.0.0.1:8787' },
      [true, false],
    ],
    ['in the sandbox', { sandbox: true }, { REDUCTO_API_KEY: 'k', REDUCTO_ALLOW_PRIVATE_SOURCES: '1' }, [true, false]],
    ['with an account of ours', { account: 'mine' }, {}, [false, false]],
    ["with another worker's account, which looks itself", { account: 'mine', address: 'h:1' }, {}, [true, true]],
  ] as const)('%s', (_what, flags, environment, [loopback, isPrivate]) => {
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    expect(sourcePolicyOf('reducto', { ...flags })).toEqual({ loopback, private: isPrivate });
  });
});
