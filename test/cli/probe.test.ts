import { expect, it } from 'vitest';
import { probeVendor } from '../../src/cli/probe.js';
import type { Provider } from '../../src/providers/provider.js';
import { VendorError } from '../../src/providers/vendor-error.js';

const vendor = (probe: Provider['probe']): Provider => ({ name: 'reducto', probe }) as Provider;
const facts = { endpoint: 'GET /jobs', sent: true };

it('is content with an answer', async () => {
  await expect(probeVendor(vendor(async () => undefined))).resolves.toBeUndefined();
});

it('names the variable of a refused key', async () => {
  const refused = vendor(async () => {
    throw new VendorError({ ...facts, kind: 'auth', httpStatus: 401, reason: 'Unauthorized' });
  });
  await expect(probeVendor(refused)).rejects.toMatchObject({
    exitCode: 4,
    message: 'reducto refuses the key (HTTP 401): check REDUCTO_API_KEY',
  });
});

it('names the address variable of a vendor that is away', async () => {
  const away = vendor(async () => {
    throw new VendorError({ ...facts, kind: 'unreachable', reason: 'connect ECONNREFUSED' });
  });
  await expect(probeVendor(away)).rejects.toMatchObject({
    exitCode: 4,
    message: expect.stringMatching(/connect ECONNREFUSED.*REDUCTO_BASE_URL/) as string,
  });
});

it('does not wait for a vendor that never answers, whatever its client does', async () => {
  const silent = vendor(() => new Promise(() => undefined));
  await expect(probeVendor(silent, 20)).rejects.toMatchObject({
    exitCode: 4,
    message: expect.stringContaining('no answer within 0.02 s') as string,
  });
});
