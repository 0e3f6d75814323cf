import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { CSV_COLUMNS, rowsToCsv, rowsToJsonLines } from '../../src/batch/record/index.js';
import type { BatchJob, BatchRow } from '../../src/jobs/batch.js';
import { all, batchRow } from '../support/batch-record.js';

const job: BatchJob = {
  operation: 'parse',
  jobId: 'job-1',
  outcome: 'completed',
  submits: 2,
  reads: 3,
  pages: 1,
  credits: 1,
  submittedAt: 'then',
  endedAt: 'now',
  stored: { key: 'a/b/parse/job-1.json', size: 1, sha256: 'x' },
};

const csv = async (rows: BatchRow[]): Promise<string> => (await all(rowsToCsv(rows))).join('');
const table = async (rows: BatchRow[]): Promise<Record<string, string>[]> =>
  parse(await csv(rows), { columns: true, record_delimiter: '\r\n' });

describe('rowsToCsv', () => {
  it('has one fixed header, also when there is no row', async () => {
    expect(await csv([])).toBe(`${CSV_COLUMNS.join(',')}\r\n`);
    expect(CSV_COLUMNS).toEqual(
      'index,id,source,state,error_type,error_reason,error_operation,vendor_code,pages,credits,jobs,job_ids,submits,reads,reused,started_at,ended_at,result_keys,tenant,workflow_id,drive'.split(
        ',',
      ),
    );
  });

  it('gives what the row says, and nothing for what is not known', async () => {
    const [row] = await table([
      batchRow(7, { jobs: [job, { ...job, jobId: null, submits: 1 }], credits: null, reused: true, tenant: 'acme' }),
    ]);
    expect(row).toMatchObject({ index: '7', state: 'done', jobs: '2', job_ids: 'job-1', submits: '3', reads: '6' });
    expect(row).toMatchObject({ credits: '', reused: 'true', tenant: 'acme', error_type: '', drive: '0' });
    expect(row?.result_keys).toBe('a/b/parse/job-1.json a/b/parse/job-1.json');
  });

  it('brings quotes, commas and line breaks through', async () => {
    const reason = 'says "no",\r\nthen nothing';
    const [row] = await table([batchRow(0, { error: { type: 'DocumentJobFailed', reason } })]);
    expect(row?.error_reason).toBe(reason);
  });

  it.each(['=1+1', '+1', '-1', '@x', '\t=1', ' =1', '\r=1'])(
    'lets no spreadsheet take %j for a formula',
    async (id) => {
      const [row] = await table([batchRow(0, { id })]);
      expect(row?.id).toBe(`'${id}`);
    },
  );

  it('leaves numbers and harmless texts as they are', async () => {
    const [row] = await table([batchRow(0, { id: 'a-b=c', pages: 3 })]);
    expect(row).toMatchObject({ id: 'a-b=c', pages: '3' });
  });
});

describe('rowsToJsonLines', () => {
  it('gives whole rows back', async () => {
    const rows = [batchRow(0, { jobs: [job] }), batchRow(1, { id: 'line\nbreak' })];
    const text = (await all(rowsToJsonLines(rows))).join('');
    const lines = text.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as BatchRow)).toEqual(rows);
  });
});
