import { describe, expect, it } from 'vitest';
import { checkRequest } from '../../src/activities/check-request.js';
import type { OperationRequest } from '../../src/jobs/activities.js';
import type { Provider } from '../../src/providers/provider.js';
import { pulse, reducto } from '../../src/providers/registry.js';
import { NO_URLS, NOT_PUBLIC, OTHER_SCHEMES, SIGNATURE, WITH_LOGIN } from './hostile-urls.js';

const apiKey = 'k';
const VENDORS: Record<string, (options?: object) => Provider> = {
  reducto: (options) => reducto({ apiKey, ...options }),
  pulse: (options) => pulse({ apiKey, ...options }),
};

/** What a submit of the URL ends in, before anything is sent; null when it may go. */
function failureOf(provider: Provider, request: OperationRequest): { type: string; message: string } | null {
  try {
    checkRequest(provider, request, { provider: provider.name, account: 'a', operation: request.operation });
    return null;
  } catch (error) {
    const { type, message, details } = error as { type: string; message: string; details: unknown };
    expect(JSON.stringify([message, details])).not.toContain(SIGNATURE);
    return { type, message };
  }
}

const refusal = (words: string) => ({
  type: 'DocumentInputInvalid',
  message: expect.stringContaining(words) as string,
});

describe.each(Object.entries(VENDORS))('%s is not handed', (_name, make) => {
  const provider = make();
  const parse = (input: string) => failureOf(provider, { operation: 'parse', input });

  it.each(NOT_PUBLIC)('%s: %s', (url, range) => {
    expect(parse(url)).toEqual(refusal(`is not public (${range})`));
    expect(parse(url.replace('https:', 'HTTP:'))).toEqual(refusal(`is not public (${range})`));
  });

  it.each([...WITH_LOGIN, 'https://@bucket.example/r', 'https://:@bucket.example/r'])('%s', (url) => {
    expect(parse(url)).toEqual(refusal('has a user name or password'));
  });

  it.each([
    ...['https://', 'https:///r', 'https://?r', 'https://[::1', 'https://1.2.3.4.5/', 'https://a b.example/r'],
    ...['https://bucket.example\\@169.254.169.254/r', 'https://169.254.169.254\\.bucket.example/r'],
    ...[
      'https://buck\net.example/r',
      'https://bucket.example/r\r\nhost: x',
      'https://buck\tet.example',
      'https://h:99999/',
    ],
    ...['https://\u0000.example/r', 'https://%/r', 'https://a%00b.example/r'],
  ])('%j', (url) => {
    expect(parse(url)).toEqual(refusal('is no URL that every program reads alike'));
  });

  it('a host of any length, in a short message', () => {
    expect(parse(`https://${'long.'.repeat(10_000)}internal/`)?.message.length).toBeLessThan(600);
  });

  it('any of several of these', () => {
    const input = ['https://bucket.example/r', 'https://10.0.0.1/r'];
    expect(failureOf(provider, { operation: 'extract', input, schema: { type: 'object' } })?.type).toBe(
      'DocumentInputInvalid',
    );
  });
});

describe('other schemes', () => {
  it.each([...OTHER_SCHEMES, ...NO_URLS.filter((one) => !one.startsWith('https://'))])(
    '%j is no source of reducto’s',
    (input) => {
      expect(failureOf(VENDORS.reducto!(), { operation: 'parse', input })).toEqual(refusal('input: expected'));
    },
  );

  it.each(OTHER_SCHEMES)(
    '%s is none of a pipeline of pulse’s; of a parse it is a file, which the worker looks for',
    (input) => {
      const options = { steps: { extract: {} } };
      expect(failureOf(VENDORS.pulse!(), { operation: 'pipeline', input, options })).toEqual(
        refusal('pipeline takes a URL'),
      );
    },
  );
});

it('the batch step of a pipeline of pulse’s is looked into', () => {
  const of = (file_urls: unknown[]): OperationRequest => ({
    operation: 'pipeline',
    input: 'https://bucket.example/r',
    options: { steps: { batch_extract: { file_urls: file_urls as string[] } } },
  });
  const provider = VENDORS.pulse!();
  expect(failureOf(provider, of(['https://bucket.example/a']))).toBeNull();
  const field = 'options.steps.batch_extract.file_urls: ';
  expect(failureOf(provider, of(['https://bucket.example/a', 'https://[fd00:ec2::254]/']))).toEqual(refusal(field));
  for (const wrong of [7, 'file:///etc/passwd', 'http:/10.0.0.1'])
    expect(failureOf(provider, of([wrong]))).toEqual(refusal(field));
});

describe.each(Object.entries(VENDORS))('%s is handed', (_name, make) => {
  const refused = (input: string, options: object) => failureOf(make(options), { operation: 'parse', input });
  const inside = { allowPrivateSources: true };

  it.each([
    ...[
      'https://bucket.s3.amazonaws.com/a.pdf?X-Amz-Signature=1',
      'http://www.example.com:8080/a b.pdf',
      'https://files/a.pdf',
    ],
    ...[
      'https://8.8.8.8/a.pdf',
      'https://[2606:4700::1111]/a.pdf',
      'https://bücher.example/a@b.pdf#p',
      'HTTPS://H.example?q=a@b',
    ],
  ])('%s', (url) => {
    expect(refused(url, {})).toBeNull();
  });

  it('what lies in a private network, where the account says so', () => {
    for (const url of ['https://10.0.0.7/a', 'http://files.internal/a', 'http://127.0.0.1/a', 'https://[fd12::1]/a']) {
      expect(refused(url, inside)).toBeNull();
    }
  });

  it('all the same nothing from a metadata service, nor with a login', () => {
    for (const url of ['https://169.254.169.254/', 'http://metadata.google.internal/', 'https://[fe80::1]/']) {
      expect(refused(url, inside)).toEqual(refusal('no document is fetched from there'));
    }
    expect(refused('https://u:p@10.0.0.7/a', inside)).toEqual(refusal('has a user name or password'));
  });

  it('what lies on this machine, where the base URL is there too', () => {
    for (const baseUrl of ['http://127.0.0.1:8787/v', 'http://localhost:8787', 'http://[::1]:8787']) {
      expect(refused('http://127.0.0.1:9/a', { baseUrl })).toBeNull();
      expect(refused('http://localhost:9/a', { baseUrl })).toBeNull();
      expect(refused('http://10.0.0.7/a', { baseUrl })).toEqual(refusal('set allowPrivateSources'));
    }
    expect(refused('http://127.0.0.1:9/a', { baseUrl: 'http://10.0.0.7' })).toEqual(
      refusal('is not public (loopback)'),
    );
  });

  it.each([
    [{ resultHosts: 'storage.example' }, 'resultHosts: expected hosts'],
    [{ resultHosts: ['https://storage.example/'] }, 'resultHosts: expected hosts'],
    [{ resultHosts: ['*'] }, 'resultHosts: expected hosts'],
    [{ resultHosts: ['a.*.example'] }, 'resultHosts: expected hosts'],
    [{ allowPrivateSources: 'yes' }, 'allowPrivateSources: expected true or false'],
  ])('no options that are wrong: %j', (options, words) => {
    expect(() => make(options)).toThrow(words);
  });
});

it('a URL with letters of other scripts stays one, however many came before it', () => {
  const provider = reducto({ apiKey });
  const request: OperationRequest = { operation: 'parse', input: 'https://bücher.example/Übersicht.pdf' };
  const refused = Array.from({ length: 20_000 }, () => failureOf(provider, request)).filter((one) => one !== null);
  expect(refused).toHaveLength(0);
});
