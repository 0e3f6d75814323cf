import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { selector } from '../../../src/batch/plan/selection.js';
import type { BatchDocument, BatchRow, BatchRowState, BatchSelection } from '../../../src/jobs/batch.js';
import { batchRow as batchRowOf } from '../../support/batch-record.js';
import { failureOf } from '../../support/activity-run.js';
import { BATCH_ID, type BatchStand, batchStand, jsonLines, url } from '../../support/batch-plan.js';

let stand: BatchStand;
beforeEach(async () => void (stand = await batchStand()));
afterEach(() => stand[Symbol.asyncDispose]());

const parsed = (index: number) => ({
  provider: 'reducto',
  account: 'reducto',
  jobId: `job-${index}`,
  reference: `jobid://job-${index}`,
  pageCount: 1,
  stored: { key: 'k', size: 1, sha256: 's', contentType: 'application/json' },
});

function rowOf({ index, id, workflowId }: BatchDocument, state: BatchRowState, more: Partial<BatchRow> = {}): BatchRow {
  return batchRowOf(index, { id, workflowId, state, source: id, ...more });
}

async function record(rows: BatchRow[], segment: number, drive = 0, last = false): Promise<void> {
  const input = { batchId: BATCH_ID, drive, segment, rows, ...(last && { last }) };
  await stand.run(() => stand.activities.recordDocumentBatch(input));
}

async function planMany(count: number): Promise<BatchDocument[]> {
  const rows = Array.from({ length: count }, (_, at) => ({ source: url(at), id: `d${at}`, tenant: `t${at % 3}` }));
  await stand.plan({ kind: 'file', path: await stand.write('m.jsonl', jsonLines([...rows, {}])) });
  return stand.documents();
}

const redrive = (select: BatchSelection, run = 'run-redrive') =>
  stand.plan({ kind: 'file', path: 'not read' }, { redrive: { batchId: BATCH_ID, select }, firstExecutionRunId: run });

describe('a re-drive', () => {
  it('touches exactly the thousand of twenty thousand that failed', async () => {
    const documents = await planMany(20_000);
    const isFailed = (index: number): boolean => index % 20 === 7;
    const rows = documents.map((one) =>
      isFailed(one.index)
        ? rowOf(one, 'failed', {
            error: { type: 'DocumentJobFailed', reason: 'x' },
            ...(one.index % 40 === 7 && { parsed: parsed(one.index) }),
          })
        : rowOf(one, 'done'),
    );
    // One in two hundred failed at first and was done later: its last row counts.
    const late = documents.filter(({ index }) => index % 200 === 7).map((one) => rowOf(one, 'done'));
    const early = documents.filter(({ index }) => index % 200 === 8).map((one) => rowOf(one, 'failed'));
    const all = [...early, ...rows, ...late];
    const segments = Math.ceil(all.length / 100);
    for (let at = 0; at < segments; at++) {
      await record(all.slice(at * 100, at * 100 + 100), at + 1, 0, at === segments - 1);
    }
    const wanted = documents.filter(({ index }) => isFailed(index) && index % 200 !== 7);
    expect(await redrive({})).toMatchObject({ drive: 1, documents: wanted.length, unusableRows: 0 });
    const again = await stand.documents(1);
    const byIndex = (a: BatchDocument, b: BatchDocument): number => a.index - b.index;
    const expected = wanted.map((one) => (one.index % 40 === 7 ? { ...one, parsed: parsed(one.index) } : one));
    expect(again.sort(byIndex)).toEqual(expected.sort(byIndex));
    expect(await redrive({ states: ['failed'], errors: ['Other'] }, 'run-3')).toMatchObject({
      documents: 0,
      planPages: 0,
    });
  }, 60_000);

  it('takes what was planned and never ended, but no row that could not be used', async () => {
    const documents = await planMany(10);
    await record(
      documents.slice(0, 6).map((one, at) => rowOf(one, at < 3 ? 'done' : 'refused')),
      1,
    );
    await redrive({ states: ['not_started'] });
    expect((await stand.documents(1)).map(({ id }) => id).sort()).toEqual(
      documents
        .slice(6)
        .map(({ id }) => id)
        .sort(),
    );
    await redrive({ states: ['refused'] }, 'run-3');
    expect((await stand.documents(2)).map(({ id }) => id).sort()).toEqual(
      documents
        .slice(3, 6)
        .map(({ id }) => id)
        .sort(),
    );
    await redrive({}, 'run-4');
    expect(await stand.documents(3)).toHaveLength(7);
  });

  it('of a re-drive knows what that one has done', async () => {
    const documents = await planMany(4);
    await record(
      documents.map((one) => rowOf(one, 'failed', { parsed: parsed(one.index) })),
      1,
      0,
      true,
    );
    await redrive({});
    const [first, second, ...rest] = await stand.documents(1);
    if (first === undefined || second === undefined) throw new Error('expected documents');
    await record([rowOf(first, 'done', { drive: 1 }), rowOf(second, 'failed', { drive: 1 })], 0, 1, true);
    await redrive({}, 'run-3');
    const left = await stand.documents(2);
    expect(left.map(({ id }) => id).sort()).toEqual([second, ...rest].map(({ id }) => id).sort());
    // The parse that the last try brought along may live still.
    expect(left.every((one) => one.parsed !== undefined)).toBe(true);
  });

  it('numbers documents of two manifests apart, and takes the newest URL of each', async () => {
    const path = await stand.write(
      'm.jsonl',
      jsonLines([
        { source: url(1), id: 'a' },
        { source: url(2), id: 'b' },
      ]),
    );
    await stand.plan({ kind: 'file', path });
    await stand.write(
      'm.jsonl',
      jsonLines([
        { source: url(3), id: 'c' },
        { source: url(4), id: 'a' },
      ]),
    );
    await stand.plan({ kind: 'file', path }, { firstExecutionRunId: 'run-2' });
    await redrive({});
    const documents = await stand.documents(2);
    expect(documents.map(({ id, source }) => [id, source]).sort()).toEqual([
      ['a', url(4)],
      ['b', url(2)],
      ['c', url(3)],
    ]);
    expect(new Set(documents.map(({ index }) => index)).size).toBe(3);
  });

  it('of a batch without a record is refused', async () => {
    const failure = await failureOf(redrive({}));
    expect(failure).toMatchObject({ type: 'DocumentBatchManifestInvalid', details: { field: 'redrive.batchId' } });
  });
});

describe('selector', () => {
  const row = { id: 'a', state: 'failed', error: { type: 'DocumentJobFailed', reason: '' } } as const;
  const done = { id: 'b', state: 'done' } as const;
  it.each<[BatchSelection, boolean, boolean]>([
    [{}, true, false],
    [{ states: ['failed'] }, true, false],
    [{ states: ['done'] }, false, true],
    [{ errors: ['DocumentJobFailed'] }, true, false],
    [{ errors: ['Other'] }, false, false],
    [{ ids: ['b'] }, false, true],
    [{ ids: ['a'], states: ['done'] }, false, false],
    [{ states: [] }, false, false],
  ])('%j', (select, takesFailed, takesDone) => {
    const selects = selector(select);
    expect([selects(row), selects(done)]).toEqual([takesFailed, takesDone]);
  });
});
