import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { PollInput, PollOutput } from '../../src/jobs/activities.js';
import type { AssetList, ResultRef } from '../../src/jobs/types.js';
import type { OpenAsset } from '../../src/providers/provider.js';
import { readObject } from '../../src/results/read-object.js';
import { activityRun, type ActivityRun } from '../support/activity-run.js';
import { fakeProvider, type FakeProvider, read, vendorError } from '../support/fake-provider.js';

const png = (text: string): OpenAsset => ({ contentType: 'image/png', bytes: bytesOf(text) });
async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
const factsOf = (text: string) => ({
  size: Buffer.byteLength(text),
  sha256: createHash('sha256').update(text).digest('hex'),
});

const SIGNED = 'https://storage.example/a.png?X-Amz-Signature=s3cret';
const body = {
  pdf_url: 'https://storage.example/c.pdf?X-Amz-Signature=s3cret',
  result: { chunks: [{ blocks: [{ image_url: SIGNED }, { image_url: null }, { image_url: SIGNED }] }] },
};
const assetFields = { parse: { image_url: 'image', pdf_url: 'pdf' } } as const;

function poll({ activities, run }: ActivityRun, over: Partial<PollInput['collect']>): Promise<PollOutput> {
  const job = { provider: 'fake', account: 'fake', operation: 'parse' as const, jobId: 'j' };
  const collect = { results: 'inline' as const, inlineLimit: 65_536, ...over };
  return run(() => activities.pollDocumentJob({ job, windowMs: 0, elapsedMs: 0, neverSeen: false, collect }));
}

function storedOf(end: PollOutput): ResultRef {
  if (end.state !== 'completed') throw new Error(`ended as ${end.state}`);
  return end.result.stored;
}

async function listOf({ store }: ActivityRun, stored: ResultRef): Promise<AssetList> {
  const bytes = await readObject(store, stored.assets?.list?.key ?? '');
  return JSON.parse(Buffer.from(bytes ?? []).toString('utf8')) as AssetList;
}

const opened = (provider: FakeProvider): unknown[] =>
  provider.calls.filter(({ method }) => method === 'openAsset').map(({ args }) => args[0]);

describe('files that a result names', () => {
  it('are counted in its reference, each once, and not fetched unasked', async () => {
    const provider = fakeProvider({ assetFields, get: [read('completed', body)] });
    const run = activityRun(provider);
    const stored = storedOf(await poll(run, {}));
    expect(stored.assets).toEqual({ found: { image: 1, pdf: 1 } });
    expect(JSON.stringify(stored)).not.toContain('Signature');
    expect(opened(provider)).toEqual([]);
  });

  it('are copied when asked for, and listed without their URLs', async () => {
    const provider = fakeProvider({
      assetFields,
      get: [read('completed', body)],
      openAsset: [png('pdf'), png('figure')],
    });
    const run = activityRun(provider);
    const stored = storedOf(await poll(run, { copyAssets: true }));
    expect(opened(provider)).toEqual([body.pdf_url, SIGNED]);
    const list = await listOf(run, stored);
    const at = (name: string): string => `fake/fake/parse/j/assets/${name}`;
    expect(list).toEqual({
      schemaVersion: 1,
      assets: [
        { kind: 'pdf', field: 'pdf_url', key: at('1-pdf_url'), contentType: 'image/png', ...factsOf('pdf') },
        { kind: 'image', field: 'image_url', key: at('2-image_url'), contentType: 'image/png', ...factsOf('figure') },
      ],
    });
    expect(Buffer.from((await readObject(run.store, at('2-image_url'))) ?? []).toString()).toBe('figure');
    expect(stored.assets).toEqual({
      found: { image: 1, pdf: 1 },
      list: expect.objectContaining({ key: 'fake/fake/parse/j/assets.json' }) as object,
    });
  });

  it('that can’t be had are no failure: the list says why', async () => {
    const gone = vendorError('server', { reason: '404 storage says NoSuchKey' });
    const provider = fakeProvider({
      assetFields,
      get: [read('completed', body)],
      openAsset: [gone, png('figure'), gone],
    });
    const run = activityRun(provider);
    const stored = storedOf(await poll(run, { copyAssets: true }));
    expect(stored.assets).toMatchObject({ missing: 1 });
    expect((await listOf(run, stored)).assets).toContainEqual({
      kind: 'pdf',
      field: 'pdf_url',
      problem: '404 storage says NoSuchKey',
    });
  });

  it('are tried again while that may help, and not when the URL is refused', async () => {
    const refused = vendorError('invalid_reply', { field: 'a file of the result', reason: 'the URL is refused' });
    const busy = vendorError('server');
    const only = { result: { chunks: [] }, image_url: SIGNED };
    const healing = fakeProvider({
      assetFields,
      get: [read('completed', only)],
      openAsset: [busy, busy, png('figure')],
    });
    expect(storedOf(await poll(activityRun(healing), { copyAssets: true })).assets).not.toHaveProperty('missing');
    const refusing = fakeProvider({ assetFields, get: [read('completed', only)], openAsset: [refused, png('figure')] });
    expect(storedOf(await poll(activityRun(refusing), { copyAssets: true })).assets).toMatchObject({ missing: 1 });
    expect(opened(refusing)).toHaveLength(1);
  });

  it('are copied once for all attempts: a second one finds what the first one left', async () => {
    const provider = fakeProvider({
      assetFields,
      get: [read('completed', body)],
      openAsset: [png('pdf'), png('figure')],
    });
    const run = activityRun(provider);
    const first = storedOf(await poll(run, { copyAssets: true }));
    await run.store.delete(first.assets?.list?.key ?? '');
    const second = storedOf(await poll(run, { copyAssets: true }));
    expect(second).toEqual(first);
    expect(opened(provider)).toHaveLength(2);
  });

  it('of an operation without such fields are the user’s own values', async () => {
    const provider = fakeProvider({ assetFields: { edit: { image_url: 'image' } }, get: [read('completed', body)] });
    expect(storedOf(await poll(activityRun(provider), { copyAssets: true }))).not.toHaveProperty('assets');
  });
});
