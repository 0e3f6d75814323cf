import { describe, expect, it } from 'vitest';
import { checkRequest } from '../../../src/activities/check-request.js';
import type { OperationRequest } from '../../../src/jobs/activities.js';
import type { JsonObject, JsonValue } from '../../../src/jobs/json.js';
import { reducto, type ReductoOptions } from '../../../src/providers/reducto/index.js';
import { VendorError } from '../../../src/providers/vendor-error.js';
import { NO_URLS, NOT_PUBLIC, OTHER_SCHEMES, SIGNATURE, WITH_LOGIN } from '../hostile-urls.js';
import { serveVendor } from '../vendor-server.js';

const TOKEN = 'tok-3n-0f-th3-h00k';
const input = 'https://bucket.example/a.pdf';
const parse = (webhook: JsonValue): OperationRequest => ({
  operation: 'parse',
  input,
  options: { async: { webhook } },
});
const edit = (webhook: JsonValue): OperationRequest => ({
  operation: 'edit',
  input,
  options: { edit_instructions: 'e', webhook },
});
/** Both places in which the vendor takes one. */
const PLACES: [field: string, request: (webhook: JsonValue) => OperationRequest][] = [
  ['options.async.webhook', parse],
  ['options.webhook', edit],
];

/** What a submit ends in before anything is sent; null when it may go. */
function failureOf(request: OperationRequest, options: Partial<ReductoOptions> = {}) {
  const provider = reducto({ apiKey: 'sk-1', ...options });
  try {
    checkRequest(provider, request, { provider: 'reducto', account: 'a', operation: request.operation });
    return null;
  } catch (error) {
    const { type, message, details } = error as { type: string; message: string; details: [JsonObject] };
    const told = JSON.stringify([message, details]);
    for (const secret of [SIGNATURE, TOKEN]) expect(told).not.toContain(secret);
    return { type, field: details[0].field, message };
  }
}

const refusal = (field: string, words: string) => ({
  type: 'DocumentInputInvalid',
  field,
  message: expect.stringContaining(words) as string,
});

describe.each(PLACES)('%s', (place, request) => {
  const direct = (url: JsonValue, options?: Partial<ReductoOptions>) =>
    failureOf(request({ mode: 'direct', url }), options);
  const field = `${place}.url`;

  it.each(NOT_PUBLIC)('%s is refused: %s', (url, range) => {
    const secret = url.replace('/r?', `/${TOKEN}?`);
    expect(direct(secret)).toEqual(refusal(field, `is not public (${range})`));
  });

  it.each(WITH_LOGIN)('%s is refused', (url) => {
    expect(direct(url)).toEqual(refusal(field, 'has a user name or password'));
  });

  it.each([...OTHER_SCHEMES, ...NO_URLS, 'https://hook.example\\@10.0.0.1/', null, 7, ['https://hook.example/']])(
    '%j is refused',
    (url) => {
      expect(direct(url)).toEqual(refusal(field, 'expected a URL that every program reads alike'));
    },
  );

  it('is called by https only, but beside a base URL on loopback', () => {
    const baseUrl = 'http://127.0.0.1:8787/reducto';
    expect(direct(`http://hook.example/${TOKEN}`)).toEqual(
      refusal(field, 'hook.example would be called without encryption: expected https'),
    );
    expect(direct(`http://hook.example/${TOKEN}`, { baseUrl })).toEqual(refusal(field, 'expected https'));
    expect(direct('http://10.0.0.7/h', { allowPrivateSources: true })).toEqual(refusal(field, 'expected https'));
    for (const host of ['127.0.0.1', 'localhost', '[::1]']) {
      expect(direct(`http://${host}:9/h`, { baseUrl })).toBeNull();
      expect(direct(`https://${host}:9/h`, { baseUrl })).toBeNull();
      expect(direct(`http://${host}:9/h`)).toEqual(refusal(field, 'is not public (loopback)'));
    }
  });

  it('may be private where the account says so, but no metadata service', () => {
    const inside = { allowPrivateSources: true };
    expect(direct(`https://hooks.internal/${TOKEN}`)).toEqual(refusal(field, 'set allowPrivateSources'));
    expect(direct(`https://hooks.internal/${TOKEN}`, inside)).toBeNull();
    expect(direct('https://[fd00:ec2::254]/', inside)).toEqual(refusal(field, 'nothing is called there'));
  });

  it('without a URL goes, but in direct mode', () => {
    for (const webhook of [null, { mode: 'svix', channels: ['a'] }, { mode: 'svix', url: null }, {}]) {
      expect(failureOf(request(webhook))).toBeNull();
    }
    expect(direct(`https://hook.example/${TOKEN}?a=b`)).toBeNull();
    expect(failureOf(request({ mode: 'direct' }))).toEqual(refusal(field, 'expected a URL'));
  });

  it('is looked at whatever its mode', () => {
    for (const webhook of [{ url: 'https://10.0.0.1/' }, { mode: 'svix', url: 'https://10.0.0.1/' }]) {
      expect(failureOf(request(webhook))).toEqual(refusal(field, 'is not public (private)'));
    }
    expect(failureOf(request('https://10.0.0.1/'))).toEqual(refusal(place, 'expected an object'));
  });
});

it.each(PLACES)('what stands in %s is not told by a vendor’s refusal', async (_place, request) => {
  const url = `https://Hook.example/in/${TOKEN}/%C3%A4-long-name?key=${TOKEN}%2B1`;
  for (const repeated of [url, new URL(url).href, `/in/${TOKEN}`, `${TOKEN}+1 and ä-long-name`]) {
    const detail = [{ loc: ['body', 'async', 'webhook'], msg: `refused: ${repeated}`, type: 'x', input: repeated }];
    await using vendor = await serveVendor({ status: 422, body: { detail } });
    const provider = reducto({ apiKey: 'sk-1', baseUrl: vendor.url });
    const asked = request({ mode: 'direct', url });
    const error: unknown = await provider.submit(asked, { marker: 'm' }, {}).catch((thrown: unknown) => thrown);
    await provider.close();
    expect(error).toBeInstanceOf(VendorError);
    const { facts, stack } = error as VendorError;
    const told = JSON.stringify(facts) + String(stack);
    expect(facts.reason).toContain('422 body.async.webhook: refused: ');
    for (const secret of [TOKEN, 'long-name']) expect(told).not.toContain(secret);
    expect(vendor.seen[0]?.body, 'sent as it is').toContain(url);
  }
});
