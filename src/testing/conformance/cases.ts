import type { Operation } from '../../jobs/types.js';
import type { Provider } from '../../providers/provider.js';
import type { JobOptions } from '../../workflows/job-options.js';
import type { Expectation } from './expectation.js';
import type { Situation } from './situations.js';

/** What the kit does while the job runs, or after it. */
export type Act = 'cancel' | 'cancel-elsewhere' | 'attach-before-expiry' | 'attach-after-expiry';

export interface Case {
  situation: Situation;
  expect: Expectation;
  act?: Act;
  options?: JobOptions;
  /** The document lies on the worker. */
  onWorker?: boolean;
  /** Told in the row, where one situation makes two cases. */
  note?: string;
}

const COMPLETED: Expectation = { ends: ['completed'], jobs: 1, outcome: 'completed', adopted: false };
/** Once and for all: a refusal is not tried again. */
const REFUSED = { jobs: 0, submits: 1, refused: true } as const;
const RESUBMIT: JobOptions = { onUnknownSubmit: 'resubmit' };

/** The cases of an operation. What a vendor has to do follows from what its provider declares, never from its name. */
export function casesOf(provider: Provider, operation: Operation): Case[] {
  const looks = provider.findJob !== undefined;
  const cancelled = (over: Partial<Expectation> = {}): Expectation => ({
    ends: ['cancelled'],
    jobs: 1,
    outcome: 'cancelled',
    ...over,
  });
  const always: Case[] = [
    { situation: 'happy', expect: { ...COMPLETED, submits: 1 } },
    { situation: 'failed', expect: { ends: ['DocumentJobFailed'], jobs: 1, outcome: 'failed' } },
    ...doubtful('submit-dropped-after-accept', looks, 1),
    { situation: 'cancel-wins', act: 'cancel', expect: cancelled() },
  ];
  const reuses = operation === 'extract' || operation === 'split';
  const gone: Case[] = reuses
    ? [
        { situation: 'reference-gone', note: 'repair: once', expect: { ...COMPLETED, submits: 2, refused: true } },
        {
          situation: 'reference-gone',
          note: 'repair: never',
          options: { repair: 'never' },
          expect: { ends: ['DocumentReferenceExpired'], ...REFUSED },
        },
      ]
    : [];
  if (operation !== 'parse') return [...always, ...gone];
  return [
    ...always,
    onWorker(provider),
    ...lives(),
    ...doubtful('submit-error-after-accept', looks, 1),
    ...doubtful('submit-reply-cut-off', looks, 1),
    ...doubtful('submit-dropped-before-accept', looks, 0),
    ...doubtful('submit-html-error', looks, 0),
    ...(looks ? doubtful('look-fails-at-first', looks, 1) : []),
    {
      situation: 'submit-reply-senseless',
      expect: looks ? { ...COMPLETED, adopted: true } : { ends: ['DocumentReplyInvalid'], jobs: 1, unknownSubmits: 1 },
    },
    { situation: 'submit-rate-limited', expect: { ...COMPLETED, submits: 4 } },
    { situation: 'submit-rejected', expect: { ends: ['DocumentSubmitRejected'], ...REFUSED } },
    { situation: 'submit-refused-key', expect: { ends: ['DocumentAccountRefused'], ...REFUSED } },
    ...READ_TROUBLES.map((situation): Case => ({ situation, expect: { ...COMPLETED, maxRequests: 40 } })),
    {
      situation: 'finished-body-unreadable',
      expect: { ends: ['DocumentReplyInvalid'], jobs: 1, leavesRunning: true, maxRequests: 40 },
    },
    { situation: 'single-read', expect: { ...COMPLETED, bodyReads: 1 } },
    { situation: 'single-read-consumed', expect: { ends: ['DocumentResultConsumed'], jobs: 1 } },
    {
      situation: 'cancel-loses',
      act: 'cancel',
      expect: cancelled({ outcome: 'completed_anyway', keepsBody: true }),
    },
    { situation: 'cancel-ignored', act: 'cancel', expect: cancelled({ outcome: 'unknown', leavesRunning: true }) },
    { situation: 'cancel-fails-at-first', act: 'cancel', expect: cancelled() },
  ];
}

/** A document that lies on the worker is uploaded, or goes with the submit; where the vendor takes neither, it is refused. */
function onWorker(provider: Provider): Case {
  const takes = provider.upload !== undefined || provider.fileOperations !== undefined;
  const expect: Expectation = takes ? COMPLETED : { ends: ['DocumentSourceRefused'], jobs: 0 };
  return { situation: 'happy', note: 'file on the worker', onWorker: true, expect };
}

const READ_TROUBLES = [
  'read-rate-limited',
  'read-server-error',
  'read-html-error',
  'read-refused-key',
  'read-dropped',
  'read-cut-off',
  'read-slow-body',
] as const satisfies Situation[];

/** How a job's life may go. */
function lives(): Case[] {
  return [
    { situation: 'queued-long', expect: { ...COMPLETED, maxRequests: 60 } },
    { situation: 'unknown-status', expect: COMPLETED },
    {
      situation: 'never-ends',
      expect: { ends: ['DocumentJobDeadlineExceeded'], jobs: 1, outcome: 'cancelled', maxRequests: 80 },
    },
    { situation: 'failed-transient', expect: { ...COMPLETED, jobs: 2, resubmits: 1, submits: 2 } },
    { situation: 'vanished', expect: { ends: ['DocumentJobLost'], jobs: 1, outcome: 'unknown' } },
    { situation: 'kept', act: 'attach-before-expiry', expect: { ends: ['completed'], jobs: 1 } },
    {
      situation: 'expired',
      act: 'attach-after-expiry',
      expect: { ends: ['DocumentJobNotFound', 'DocumentJobLost'], jobs: 1 },
    },
    {
      situation: 'cancelled-elsewhere',
      act: 'cancel-elsewhere',
      expect: { ends: ['DocumentJobCancelledElsewhere'], jobs: 1, outcome: 'cancelled' },
    },
  ];
}

/**
 * A first submit of which nobody knows what became. Where the vendor lets us look, the job is found, or known to be absent and submitted
 * again; where it does not, the caller's policy decides, and both policies are tried.
 * @param made jobs that this submit has made: 0 or 1.
 */
function doubtful(situation: Situation, looks: boolean, made: 0 | 1): Case[] {
  if (looks) {
    const again = made === 0 ? { submits: 2 } : { submits: 1 };
    return [{ situation, expect: { ...COMPLETED, adopted: made === 1, ...again } }];
  }
  return [
    {
      situation,
      note: 'policy: fail',
      expect: { ends: ['DocumentSubmitUnknown'], jobs: made, submits: 1, unknownSubmits: 1 },
    },
    {
      situation,
      note: 'policy: resubmit',
      options: RESUBMIT,
      expect: { ...COMPLETED, jobs: made + 1, submits: 2, unknownSubmits: 1 },
    },
  ];
}
