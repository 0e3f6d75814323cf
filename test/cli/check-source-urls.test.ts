import { describe, expect, it } from 'vitest';
import { checkSource } from '../../src/cli/check-source.js';
import { type SourcePolicy } from '../../src/providers/source-url.js';
import { NO_URLS, NOT_PUBLIC, OTHER_SCHEMES, SIGNATURE, WITH_LOGIN } from '../providers/hostile-urls.js';

const provider = { name: 'reducto', isReference: () => false };
const PUBLIC: SourcePolicy = { loopback: false, private: false };

async function refusalOf(source: string, policy = PUBLIC): Promise<string> {
  const error: unknown = await checkSource(source, provider, policy).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: 'CliError', exitCode: 2 });
  const { message } = error as Error;
  for (const secret of [SIGNATURE, 'user:', 'pw@', 'secret']) expect(message).not.toContain(secret);
  return message;
}

describe('a SOURCE is refused, without a word of its query or login', () => {
  it.each(NOT_PUBLIC)('%s: %s', async (url, range) => {
    expect(await refusalOf(url)).toContain(`is not public (${range})`);
    expect(await refusalOf(url.replace('https:', 'http:'))).toContain(`is not public (${range})`);
  });

  it.each(WITH_LOGIN)('%s', async (url) => {
    expect(await refusalOf(url)).toContain('has a user name or password before its host');
  });

  // Files that a command line names are its user's own.
  const noFiles = [...OTHER_SCHEMES, ...NO_URLS].filter((one) => one !== '' && !one.includes('/etc/'));
  it.each(noFiles)('%j', async (source) => {
    expect(await refusalOf(source)).toMatch(/expected |no such file|not a valid file URL|is a folder|no regular file/);
  });

  it.each([
    ['https://user:secret@[::1', 'is no URL that every program reads alike'],
    ['ftp://user:secret@files.example/a', 'expected a file, an https URL or a reference of reducto'],
    ['https://a\u001b[31m.example/', 'is no URL that every program reads alike'],
    ['http://files.example/a?secret', 'only https URLs are sent to a vendor'],
    ['https://10.0.0.7/a', 'upload the file, or set REDUCTO_ALLOW_PRIVATE_SOURCES=1 for a vendor inside your network'],
  ])('%j: %s', async (source, words) => {
    const message = await refusalOf(source);
    expect(message).toContain(words);
    expect(message).not.toContain('\u001b');
  });
});

describe('a SOURCE is taken', () => {
  const taken = async (source: string, policy: Partial<SourcePolicy>) =>
    (await checkSource(source, provider, { ...PUBLIC, ...policy })).source === source;

  it('on this machine, where the vendor is there too', async () => {
    for (const source of ['http://127.0.0.1:9/a.pdf', 'http://localhost/a.pdf', 'https://[::1]/a.pdf']) {
      expect(await taken(source, { loopback: true })).toBe(true);
      expect(await refusalOf(source)).toContain('is not public (loopback)');
    }
  });

  it('in a private network, by http too, where the vendor is there too', async () => {
    for (const source of ['http://10.0.0.7/a.pdf', 'http://minio:9000/a.pdf', 'https://files.internal/a.pdf']) {
      expect(await taken(source, { private: true })).toBe(true);
    }
    expect(await refusalOf('http://169.254.169.254/', { loopback: true, private: true })).toContain('cloud metadata');
  });
});
