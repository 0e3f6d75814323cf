import { describe, expect, it } from 'vitest';
import {
  endEvent,
  factsOfLine,
  factsOfReceipt,
  jobChanges,
  startedEvent,
  type JobFacts,
} from '../../src/cli/events.js';
import { jobReceipt, statusLine, processResult } from './fixtures.js';

const parse = (change: Partial<JobFacts>): JobFacts => ({ ...factsOfLine(statusLine()), ...change });

describe('jobChanges', () => {
  it('says nothing before the vendor accepted the job', () => {
    expect(jobChanges('w')([parse({ jobId: null })])).toEqual([]);
  });

  it('says each change once, from submitted to the end', () => {
    const changes = jobChanges('w');
    const steps: JobFacts[] = [
      parse({ vendorStatus: null }),
      parse({ vendorStatus: 'InProgress' }),
      parse({ vendorStatus: 'InProgress' }),
      parse({ vendorStatus: 'InProgress', progress: 0.5 }),
      parse({ vendorStatus: 'InProgress', progress: 0.5, trouble: 'the vendor is busy' }),
      parse({ vendorStatus: 'Completed', word: 'completed' }),
      ...factsOfReceipt(processResult().receipt).slice(0, 1),
    ];
    const events = steps.flatMap((facts) => changes([facts]));
    expect(events.map(({ status, vendorStatus, progress }) => [status, vendorStatus, progress])).toEqual([
      ['submitted', null, null],
      ['waiting', null, null],
      ['waiting', 'InProgress', null],
      ['waiting', 'InProgress', 0.5],
      ['waiting', 'InProgress', 0.5],
      ['completed', 'Completed', null],
    ]);
    expect(events[0]).toEqual({
      event: 'job',
      workflowId: 'w',
      operation: 'parse',
      jobId: 'job-1',
      status: 'submitted',
      vendorStatus: null,
      progress: null,
      trouble: null,
    });
  });

  it('tells the end of a job that was never seen alive', () => {
    const events = jobChanges('w')(factsOfReceipt(processResult().receipt));
    expect(events.map(({ operation, status }) => `${operation} ${status}`)).toEqual([
      'parse submitted',
      'parse completed',
      'extract submitted',
      'extract completed',
    ]);
  });
});

describe('the last event', () => {
  it('is exactly what the contract says', () => {
    const result = processResult();
    expect(endEvent('w', { kind: 'result', result })).toEqual({ event: 'result', workflowId: 'w', result });
    const failure = { type: 'DocumentJobFailed', message: 'm', details: { operation: 'parse' } };
    expect(endEvent('w', { kind: 'failed', failure, receipt: null })).toEqual({
      event: 'failed',
      workflowId: 'w',
      failure,
    });
    const receipt = { ...result.receipt, jobs: [jobReceipt({ outcome: 'cancelled' })] };
    expect(endEvent('w', { kind: 'cancelled', receipt })).toEqual({ event: 'cancelled', workflowId: 'w', receipt });
  });
});

it('the first event says whether the id existed and whether the sandbox does the work', () => {
  const document = { workflowId: 'w', label: 'a.pdf', sandbox: true };
  expect(startedEvent(document, { workflowId: 'w', existing: 'running' })).toEqual({
    event: 'started',
    workflowId: 'w',
    source: 'a.pdf',
    existing: 'running',
    sandbox: true,
  });
});
