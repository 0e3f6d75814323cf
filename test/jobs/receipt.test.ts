import { expect, it } from 'vitest';
import { sumReceipt } from '../../src/jobs/receipt.js';
import { statusMarkdown } from '../../src/jobs/status-markdown.js';
import type { JobReceipt } from '../../src/jobs/types.js';

const job = (over: Partial<JobReceipt>): JobReceipt => ({
  operation: 'parse',
  jobId: 'j',
  outcome: 'completed',
  submits: 1,
  adopted: false,
  resubmit: false,
  reads: 2,
  pages: null,
  credits: null,
  vendorStatus: 'Completed',
  submittedAt: '',
  endedAt: '',
  ...over,
});

it('sums what the vendor told and keeps unknown figures unknown', () => {
  const receipt = sumReceipt([job({ pages: 3 }), job({ pages: 4, submits: 2 })]);
  expect(receipt).toMatchObject({ pages: 7, credits: null, submits: 3, reads: 4 });
  expect(sumReceipt([])).toEqual({ jobs: [], pages: null, credits: null, submits: 0, reads: 0 });
});

it('draws a markdown row a job, whatever a section is called', () => {
  const line = {
    operation: 'extract',
    section: 'a|b',
    jobId: 'j1',
    stage: 'waiting',
    vendorStatus: 'Pending',
    progress: null,
    outcome: null,
    submittedAt: null,
    nextReadAt: null,
    trouble: null,
  } as const;
  expect(statusMarkdown([line]).split('\n')[2]).toBe('extract (a\\|b) | j1 | waiting | Pending | –');
});
