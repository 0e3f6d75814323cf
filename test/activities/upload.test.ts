import { createHash } from 'node:crypto';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allowedRoots, SourceRefusedError, type SourceResolver } from '../../src/activities/index.js';
import type { UploadOutput } from '../../src/jobs/activities.js';
import { activityRun, failureOf } from '../support/activity-run.js';
import { fakeProvider, type FakeProvider, type FakeScript, vendorError } from '../support/fake-provider.js';

let folder: string;
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'uploads-')));
  await writeFile(join(folder, 'a.pdf'), '%PDF-1.7');
  await writeFile(join(folder, 'fake.pdf'), 'just text');
});
afterAll(() => rm(folder, { recursive: true }));

const UPLOADS: FakeScript = { upload: [{ reference: 'fake://1.pdf' }] };

function given(
  script: FakeScript,
  sources?: SourceResolver,
): { provider: FakeProvider; upload: (source: string) => Promise<UploadOutput> } {
  const provider = fakeProvider(script);
  const run = activityRun(provider, sources === undefined ? {} : { sources });
  return {
    provider,
    upload: (source) => run.run(() => run.activities.uploadDocument({ provider: 'fake', account: 'fake', source })),
  };
}

describe('uploadDocument', () => {
  it.each(['https://x/a.pdf?sig=1', 'fake://known.pdf', 'jobid://job-1'])('passes %s through', async (source) => {
    const { upload, provider } = given(UPLOADS);
    expect(await upload(source)).toEqual({ reference: source, uploaded: false });
    expect(provider.calls).toEqual([]);
  });

  it('uploads a file that the worker allows', async () => {
    const { upload, provider } = given(UPLOADS, allowedRoots([folder]));
    const sha256 = createHash('sha256').update('%PDF-1.7').digest('hex');
    expect(await upload(join(folder, 'a.pdf'))).toEqual({ reference: 'fake://1.pdf', uploaded: true, sha256 });
    const expected = { filename: 'a.pdf', contentType: 'application/pdf', size: 8, path: join(folder, 'a.pdf') };
    expect(provider.calls[0]?.args).toEqual([expected]);
  });

  it('hashes a file that goes with the submit, too', async () => {
    const source = join(folder, 'a.pdf');
    const { upload } = given({ fileOperations: ['parse'] }, allowedRoots([folder]));
    const sha256 = createHash('sha256').update('%PDF-1.7').digest('hex');
    expect(await upload(source)).toEqual({ reference: source, uploaded: false, sha256 });
  });

  it('uploads nothing local unless a resolver was given', async () => {
    const { upload } = given(UPLOADS);
    expect(await failureOf(upload(join(folder, 'a.pdf')))).toMatchObject({
      type: 'DocumentSourceRefused',
      details: { operation: 'upload', provider: 'fake', account: 'fake' },
      message: expect.stringContaining('allowedRoots') as string,
    });
  });

  it('says what a file is that is not what its name says', async () => {
    const { upload, provider } = given(UPLOADS, allowedRoots([folder]));
    const failure = await failureOf(upload(join(folder, 'fake.pdf')));
    expect(failure).toMatchObject({ type: 'DocumentSourceRefused' });
    expect(failure.message).toContain('it holds text');
    expect(provider.calls).toEqual([]);
  });

  it('needs a vendor with an upload', async () => {
    const { upload } = given({}, allowedRoots([folder]));
    expect(await failureOf(upload(join(folder, 'a.pdf')))).toMatchObject({ type: 'DocumentSourceRefused' });
  });

  it.each(['unreachable', 'server', 'rate_limited'] as const)('%s is retried by Temporal', async (kind) => {
    const { upload } = given({ upload: [vendorError(kind)] }, allowedRoots([folder]));
    await expect(upload(join(folder, 'a.pdf'))).rejects.toMatchObject({
      nonRetryable: false,
      message: `POST /fake: ${kind} happened`,
    });
  });

  it.each([
    ['rejected', 'DocumentSubmitRejected'],
    ['auth', 'DocumentAccountRefused'],
    ['invalid_reply', 'DocumentReplyInvalid'],
  ] as const)('%s ends as %s', async (kind, type) => {
    const { upload } = given({ upload: [vendorError(kind, { httpStatus: 413 })] }, allowedRoots([folder]));
    expect(await failureOf(upload(join(folder, 'a.pdf')))).toMatchObject({ type, details: { operation: 'upload' } });
  });

  it('lets a resolver clean up, whatever happened', async () => {
    let cleaned = 0;
    const sources: SourceResolver = async () => ({
      filename: 'a.pdf',
      contentType: 'application/pdf',
      size: 8,
      path: join(folder, 'a.pdf'),
      cleanup: () => void cleaned++,
    });
    await given(UPLOADS, sources).upload('s3://b/a.pdf');
    await given({ upload: [vendorError('server')] }, sources)
      .upload('s3://b/a.pdf')
      .catch(() => undefined);
    expect(cleaned).toBe(2);
  });

  it('refuses what a resolver refuses, and retries its other errors without their words', async () => {
    const refuse: SourceResolver = () => Promise.reject(new SourceRefusedError('not yours'));
    expect(await failureOf(given(UPLOADS, refuse).upload('s3://b/k'))).toMatchObject({
      details: { reason: 'not yours' },
    });
    const broken: SourceResolver = () => Promise.reject(new Error('GET https://b/k?X-Amz-Signature=abc failed'));
    const error: unknown = await given(UPLOADS, broken)
      .upload('s3://b/k')
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ nonRetryable: false });
    expect(JSON.stringify(error)).not.toContain('Signature');
  });
});

describe('accounts as a function', () => {
  it('may answer later, and may not know the name', async () => {
    const provider = fakeProvider(UPLOADS);
    const run = activityRun(provider, { accounts: async (name) => (name === 'late' ? provider : undefined) });
    const upload = (account: string): Promise<unknown> =>
      run.run(() => run.activities.uploadDocument({ provider: 'fake', account, source: 'fake://x' }));
    expect(await upload('late')).toMatchObject({ reference: 'fake://x' });
    expect(await failureOf(upload('other'))).toMatchObject({ type: 'DocumentAccountUnknown' });
  });

  it('may be out of order for a while: retried, and its words stay on the worker', async () => {
    const run = activityRun(fakeProvider(UPLOADS), { accounts: () => Promise.reject(new Error('token=abc')) });
    const error: unknown = await run
      .run(() => run.activities.uploadDocument({ provider: 'fake', account: 'a', source: 'fake://x' }))
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ type: 'DocumentAccountTrouble', nonRetryable: false });
    expect((error as Error).message).not.toContain('token');
  });
});
