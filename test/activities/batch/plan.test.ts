import { appendFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileEntries } from '../../../src/batch/manifest/manifest-file.js';
import { batchDrives } from '../../../src/batch/record/index.js';
import { documentWorkflowId } from '../../../src/client/workflow-id.js';
import type { BatchRowInput } from '../../../src/jobs/batch.js';
import { memoryStore } from '../../../src/results/index.js';
import { failureOf } from '../../support/activity-run.js';
import { all, faulty, keysOf, listed } from '../../support/batch-record.js';
import { BATCH_ID, type BatchStand, batchStand, jsonLines, url } from '../../support/batch-plan.js';

let stand: BatchStand;
beforeEach(async () => void (stand = await batchStand({ results: listed(memoryStore()) })));
afterEach(() => stand[Symbol.asyncDispose]());

const manifest = async (rows: readonly unknown[], name = 'm.jsonl') =>
  ({ kind: 'file', path: await stand.write(name, jsonLines(rows)) }) as const;
const many = (count: number): BatchRowInput[] => Array.from({ length: count }, (_, at) => ({ source: url(at) }));

describe('the order', () => {
  it('is by priority, and tenants take turns', async () => {
    const rows = [
      ...['a', 'a', 'a', 'b', 'c', 'b'].map((tenant, at) => ({ source: url(at), tenant })),
      { source: url('first'), tenant: 'a', priority: 1 },
      { source: url('last'), tenant: 'd', priority: 5 },
    ];
    await stand.plan(await manifest(rows));
    const order = (await stand.documents()).map(({ id }) => /(\w+)\.pdf$/.exec(id)?.[1]);
    expect(order).toEqual(['first', '0', '3', '4', '1', '5', '2', 'last']);
  });
});

describe('who a document is', () => {
  const signed = (name: string, signature: string): string =>
    `${url(name)}?X-Amz-Algorithm=AWS4&X-Amz-Expires=900&X-Amz-Signature=${signature}`;

  it('does not change with the signature of its URL, which no id shows', async () => {
    await stand.plan(await manifest([{ source: signed('a', 'geheim1') }, { source: url('a?version=2&sig=geheim2') }]));
    await stand.plan(await manifest([{ source: signed('a', 'geheim3') }]), { firstExecutionRunId: 'run-2' });
    const [[a, b], [again]] = [await stand.documents(0), await stand.documents(1)];
    expect(again?.workflowId).toBe(a?.workflowId);
    expect(again?.source).toContain('geheim3');
    expect(a?.id).toBe(url('a'));
    expect(b?.workflowId).not.toBe(a?.workflowId);
    expect(`${a?.id} ${b?.id}`).not.toMatch(/geheim|version/);
  });

  it('is the one that a command for the URL alone would have', async () => {
    const request = { schema: { type: 'object' }, options: { parse: { x: 1 } } };
    await stand.plan(await manifest([{ source: url(1) }]), { request });
    const [document] = await stand.documents();
    expect(document?.workflowId).toBe(documentWorkflowId(url(1), { source: '', ...request }));
  });

  it('is its id where it has one, until the version, the question or the force is another', async () => {
    const idOf = async (row: Partial<BatchRowInput>, more = {}): Promise<string | undefined> => {
      const store = memoryStore();
      await using other = await batchStand({ results: store });
      const path = await other.write('m.jsonl', jsonLines([{ source: url(1), id: 'a', ...row }]));
      await other.plan({ kind: 'file', path }, more);
      return (await other.documents())[0]?.workflowId;
    };
    const first = await idOf({});
    expect(await idOf({ source: url(2), priority: 1, tenant: 'x', pages: 7 })).toBe(first);
    const others = [
      await idOf({ id: 'b' }),
      await idOf({ version: '2' }),
      await idOf({}, { force: 'again' }),
      await idOf({}, { request: { pages: [1] } }),
      await idOf({}, { request: { copyAssets: true } }),
    ];
    expect(new Set([first, ...others]).size).toBe(6);
  });
});

describe('a plan', () => {
  it('is found again by another attempt, and made anew for another workflow', async () => {
    const rows = await manifest(many(450));
    const first = await stand.plan(rows);
    expect(first).toEqual({ drive: 0, documents: 450, planPages: 3, unusableRows: 0, segments: 0 });
    await stand.write('m.jsonl', jsonLines(many(3)));
    expect(await stand.plan(rows)).toEqual(first);
    const second = await stand.plan(rows, { firstExecutionRunId: 'run-2' });
    expect(second).toMatchObject({ drive: 1, documents: 3 });
    expect((await batchDrives(stand.store, BATCH_ID)).map(({ drive, end }) => [drive, end])).toEqual([
      [0, null],
      [1, null],
    ]);
  });

  it('is the same objects from an attempt that begins again, and whole or not there, whichever call is the last', async () => {
    const rows = [...many(450), {}];
    const path = (await manifest(rows)).path;
    await stand.plan({ kind: 'file', path });
    const expected = keysOf(stand.store);
    let crashAt = 0;
    for (; ; crashAt++) {
      const inner = listed(memoryStore());
      const broken = faulty(inner, crashAt);
      await using dying = await batchStand({ results: broken.store, manifests: [stand.folder] });
      const done = await dying.plan({ kind: 'file', path }).catch(() => 'crashed');
      if (done === 'crashed') expect(await batchDrives(inner, BATCH_ID)).toEqual([]);
      await using next = await batchStand({ results: inner, manifests: [stand.folder] });
      await next.plan({ kind: 'file', path }, {}, { attempt: 2 });
      expect(keysOf(inner)).toEqual(expected);
      expect(await next.documents()).toHaveLength(450);
      expect(await next.rows()).toHaveLength(1);
      if (done !== 'crashed') break;
    }
    expect(crashAt).toBeGreaterThan(5);
  });

  it('is not mixed with that of an attempt that found another manifest', async () => {
    const path = await stand.write('m.jsonl', jsonLines([...many(300), {}]));
    const broken = faulty(stand.store, 4);
    await using dying = await batchStand({ results: broken.store, manifests: [stand.folder] });
    await expect(dying.plan({ kind: 'file', path })).rejects.toThrow();
    await stand.write('m.jsonl', jsonLines([{ source: url('new') }, { source: 7 }, {}]));
    await stand.plan({ kind: 'file', path }, {}, { attempt: 2 });
    expect((await stand.documents()).map(({ source }) => source)).toEqual([url('new')]);
    expect((await stand.rows()).map(({ id }) => id)).toEqual(['line 2', 'line 3']);
  });

  it('of two workflows at once is two drives', async () => {
    const rows = await manifest(many(5));
    const inner = memoryStore();
    let isFirst = true;
    const store = {
      ...inner,
      async put(...args: Parameters<typeof inner.put>) {
        if (args[0].endsWith('drives/0000.json') && isFirst) {
          isFirst = false;
          await using other = await batchStand({ results: inner, manifests: [stand.folder] });
          await other.plan(rows, { firstExecutionRunId: 'other' });
        }
        return inner.put(...args);
      },
    };
    await using slow = await batchStand({ results: store, manifests: [stand.folder] });
    expect(await slow.plan(rows)).toMatchObject({ drive: 1, documents: 5 });
    expect(await slow.documents(1)).toHaveLength(5);
  });

  it('has pages that Temporal carries, however long the URLs are', async () => {
    const rows = Array.from({ length: 300 }, (_, at) => ({
      source: `${url(at)}?X-Amz-Signature=${'x'.repeat(4_000)}`,
    }));
    const { planPages } = await stand.plan(await manifest(rows));
    expect(planPages).toBe(5);
    expect(await stand.documents()).toHaveLength(300);
    for (const key of keysOf(stand.store).filter((one) => one.includes('/plan/'))) {
      expect((await stand.store.head(key))?.size).toBeLessThanOrEqual(256 * 1024);
    }
  });

  it('says how far it is, to the server and to the next attempt', async () => {
    await stand.plan(await manifest(many(3)));
    expect(stand.beats[0]).toEqual({ drive: 0, rows: 0, pages: 0 });
  });

  it('that lost a page says which one', async () => {
    await stand.plan(await manifest(many(3)));
    const key = keysOf(stand.store).find((one) => one.endsWith('000000.json')) ?? '';
    await stand.store.delete(key);
    const failure = await failureOf(stand.documents());
    expect(failure).toMatchObject({ type: 'DocumentResultCorrupt', details: { key, found: null } });
  });
});

describe('a manifest that changes', () => {
  it('while it is read is trouble, and after some attempts a failure', async () => {
    const path = await stand.write('m.jsonl', jsonLines(many(5_000)));
    const read = async (spoil: () => Promise<unknown>): Promise<unknown> => {
      const entries = fileEntries({ path }, [stand.folder]);
      await entries.next();
      await spoil();
      return all(entries).catch((error: unknown) => error);
    };
    expect(await read(() => appendFile(path, jsonLines(many(1))))).toMatchObject({
      name: 'ManifestError',
      facts: { mayPass: true },
    });
    expect(await read(() => rm(path))).toMatchObject({ name: 'ManifestError', facts: { mayPass: true } });
  });

  it('that has gone since the first attempt is tried again, then given up', async () => {
    const gone = { kind: 'file', path: join(stand.folder, 'gone.jsonl') } as const;
    await expect(stand.plan(gone, {}, { attempt: 2 })).rejects.toMatchObject({
      type: 'DocumentVendorTrouble',
      nonRetryable: false,
    });
    expect((await failureOf(stand.plan(gone, {}, { attempt: 5 }))).type).toBe('DocumentBatchManifestInvalid');
  });
});
