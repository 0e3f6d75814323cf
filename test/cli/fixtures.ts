import type { ProcessDocumentResult } from '../../src/jobs/process-document.js';
import type { JobReceipt, JobStatusLine, ResultRef } from '../../src/jobs/types.js';

export const stored = (key: string): ResultRef => ({
  key,
  size: 2,
  sha256: '0'.repeat(64),
  contentType: 'application/json',
});

export const statusLine = (change: Partial<JobStatusLine> = {}): JobStatusLine => ({
  operation: 'parse',
  jobId: 'job-1',
  stage: 'polling',
  vendorStatus: 'InProgress',
  progress: null,
  outcome: null,
  submittedAt: '2026-01-01T00:00:00.000Z',
  nextReadAt: null,
  trouble: null,
  ...change,
});

export const jobReceipt = (change: Partial<JobReceipt> = {}): JobReceipt => ({
  operation: 'parse',
  jobId: 'job-1',
  outcome: 'completed',
  submits: 1,
  adopted: false,
  resubmit: false,
  reads: 3,
  pages: 8,
  credits: 8,
  vendorStatus: 'Completed',
  submittedAt: '2026-01-01T00:00:00.000Z',
  endedAt: '2026-01-01T00:00:05.000Z',
  ...change,
});

export const processResult = (change: Partial<ProcessDocumentResult> = {}): ProcessDocumentResult => ({
  schemaVersion: 1,
  provider: 'reducto',
  account: 'reducto',
  status: 'complete',
  parsed: { jobId: 'job-1', reference: 'jobid://job-1', pageCount: 8, stored: stored('p') },
  extract: { jobId: 'job-2', data: { total: 12.5, lines: [{ item: 'pen' }] }, stored: stored('e') },
  split: {
    jobId: 'job-3',
    sections: [
      { name: 'terms', pages: [1, 2, 3, 7] },
      { name: 'maps', pages: [] },
    ],
    stored: stored('s'),
  },
  failures: [],
  receipt: {
    jobs: [jobReceipt(), jobReceipt({ operation: 'extract', jobId: 'job-2', credits: null })],
    pages: 16,
    credits: 8,
    submits: 2,
    reads: 6,
  },
  ...change,
});
