import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { batchDrives, batchRows } from '../../../src/batch/record/index.js';
import { all } from '../../support/batch-record.js';
import { BATCH_ID, type BatchStand, batchStand, url } from '../../support/batch-plan.js';

let stand: BatchStand;
beforeEach(async () => void (stand = await batchStand()));
afterEach(() => stand[Symbol.asyncDispose]());

const PDF = '%PDF-1.4 tiny';

describe('a folder', () => {
  it('is what can be sent, in order, without what is hidden or no document', async () => {
    for (const folder of ['docs/b', 'docs/.git', 'elsewhere']) {
      await mkdir(join(stand.folder, folder), { recursive: true });
    }
    const files = ['docs/b/2.pdf', 'docs/b/10.pdf', 'docs/a.pdf', 'docs/c.pdf', 'docs/.hidden.pdf', 'docs/.git/x.pdf'];
    for (const file of files) await stand.write(file, PDF + file);
    await stand.write('docs/fake.pdf', 'no PDF at all');
    await stand.write('docs/program', Buffer.from('\u007fELF\0\0\0'));
    await stand.write('docs/empty.pdf', '');
    await symlink('/etc', join(stand.folder, 'docs/etc'));
    await symlink('/etc/hostname', join(stand.folder, 'docs/secret.txt'));
    await symlink(join(stand.folder, 'nothing'), join(stand.folder, 'docs/dangling.pdf'));
    const folder = { kind: 'folder', path: join(stand.folder, 'docs') } as const;
    const output = await stand.plan(folder);
    const documents = await stand.documents();
    expect(documents.map(({ id }) => id)).toEqual(['a.pdf', 'b/10.pdf', 'b/2.pdf', 'c.pdf']);
    expect(documents[0]?.source).toMatch(/^file:\/\/.*\/docs\/a\.pdf$/);
    const reasons = (await stand.rows()).map(({ id, error }) => `${id}: ${error?.reason}`);
    expect(reasons).toEqual([
      expect.stringMatching(/^etc: .* is a link out/),
      expect.stringMatching(/^secret\.txt: .*link out/),
    ]);
    expect(output.unusableRows).toBe(2);
    expect((await batchDrives(stand.store, BATCH_ID))[0]?.skipped).toBe(6);
    await stand.write('docs/a.pdf', `${PDF} changed`);
    await stand.plan(folder, { firstExecutionRunId: 'run-2' });
    const again = await stand.documents(1);
    expect(again[0]?.workflowId).not.toBe(documents[0]?.workflowId);
    expect(again[1]?.workflowId).toBe(documents[1]?.workflowId);
  });
});

describe('a registered source', () => {
  it('lists rows, with its arguments and a signal', async () => {
    const given: unknown[] = [];
    await using own = await batchStand({
      batchSources: {
        async *orders(args, { signal }) {
          given.push(args, signal.aborted);
          yield* [{ source: url(1), id: 'a' }, { source: '' }];
        },
      },
    });
    const output = await own.plan({ kind: 'source', name: 'orders', args: { since: 'geheim' } });
    expect(output).toMatchObject({ documents: 1, unusableRows: 1 });
    expect(given).toEqual([{ since: 'geheim' }, false]);
    expect((await all(batchRows(own.store, BATCH_ID)))[0]?.id).toBe('row 2');
    expect(JSON.stringify(await batchDrives(own.store, BATCH_ID))).not.toContain('geheim');
  });

  it('that throws is trouble without its words', async () => {
    await using own = await batchStand({
      batchSources: {
        async *orders() {
          yield { source: url(1) };
          throw new TypeError('postgres://me:geheim@db');
        },
      },
    });
    const error = await own.plan({ kind: 'source', name: 'orders' }).catch((one: unknown) => one);
    expect(error).toMatchObject({ type: 'DocumentVendorTrouble', nonRetryable: false });
    expect(String((error as Error).message)).toMatch(/"orders" threw TypeError$/);
  });
});
