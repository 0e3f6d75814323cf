import { randomUUID } from 'node:crypto';
import { newSweep } from '../jobs/reap.js';
import type { DocumentActivities, OperationRequest, PollOutput } from '../jobs/activities.js';
import type { FailureType } from '../jobs/failures.js';
import type { JsonValue } from '../jobs/json.js';
import type { CollectedResult, Operation, ResultRef, Section, Usage } from '../jobs/types.js';
import { documentFailure } from '../activities/failures.js';

/** An ending other than completed, made by {@link failure}. */
export interface MockFailure {
  failure: FailureType;
  code: string | null;
  reason: string;
  transient: boolean;
}

/** Makes a job end in the given failure type. */
export function failure(type: FailureType, about: Partial<Omit<MockFailure, 'failure'>> = {}): MockFailure {
  return {
    failure: type,
    code: about.code ?? null,
    reason: about.reason ?? 'mocked',
    transient: about.transient ?? false,
  };
}

type Handler<R> = MockFailure | R | ((request: OperationRequest) => R | MockFailure);

/** What each operation answers: a value, a function of the request, or a {@link failure}. An operation left out fails with what to add. */
export interface MockAnswers {
  parse?: Handler<{ pageCount?: number }>;
  extract?: Handler<{ data: JsonValue; citations?: JsonValue }>;
  split?: Handler<{ sections: Section[] }>;
  pipeline?: Handler<{ value: JsonValue }>;
  edit?: Handler<{ value: JsonValue }>;
  classify?: Handler<{ value: JsonValue }>;
  tables?: Handler<{ value: JsonValue }>;
}

const NO_USAGE: Usage = { pages: null, credits: null };

/**
 * The real activities' names and shapes with your answers in place of a vendor: for tests of your own workflows, without HTTP. Register
 * them on a test worker like the real ones. For a vendor that behaves like one, use `createSandbox` instead.
 */
export function mockDocumentActivities(answers: MockAnswers): DocumentActivities {
  const jobs = new Map<string, { request: OperationRequest; answer: unknown }>();

  const answerTo = (request: OperationRequest): unknown => {
    const handler = answers[request.operation];
    if (handler === undefined) {
      throw documentFailure(
        'DocumentInputInvalid',
        `no answer for ${request.operation} in mockDocumentActivities({ … })`,
        {
          provider: 'mock',
          account: 'mock',
          operation: request.operation,
          field: request.operation,
        },
      );
    }
    return typeof handler === 'function' ? handler(request) : handler;
  };

  return {
    async uploadDocument({ source }) {
      return { reference: source, uploaded: false };
    },
    async submitDocumentJob({ request, provider, account }) {
      const answer = answerTo(request);
      if (isMockFailure(answer) && SUBMIT_FAILURES.has(answer.failure)) {
        throw documentFailure(answer.failure, answer.reason, {
          provider,
          account,
          operation: request.operation,
          reason: answer.reason,
        });
      }
      const jobId = `mock-${request.operation}-${randomUUID()}`;
      jobs.set(jobId, { request, answer });
      return { outcome: 'accepted', jobId, adopted: false, posts: 1, expectedMs: 0, at: new Date().toISOString() };
    },
    async getDocumentJob({ job }) {
      if (!jobs.has(job.jobId)) return { found: false };
      return { found: true, snapshot: { status: 'completed', vendorStatus: 'Completed', progress: null } };
    },
    async pollDocumentJob({ job }) {
      const known = jobs.get(job.jobId);
      if (known === undefined) return { reads: 1, state: 'not_found' };
      return { reads: 1, ...ending(known.request, known.answer, job.jobId) } as PollOutput;
    },
    async cancelDocumentJob() {
      return { outcome: 'cancelled', vendorStatus: 'Cancelled', usage: NO_USAGE, reads: 1 };
    },
    async leaseDocumentJob() {
      return { slot: 0 };
    },
    async forgetDocument({ input: { workflowId = null } }) {
      return { schemaVersion: 1, workflowId, at: new Date().toISOString(), complete: true, places: [], notes: [] };
    },
    async reapDocumentJobs({ input: { dryRun = false } }) {
      const now = new Date().toISOString();
      return { ...newSweep({ dryRun, sweptFrom: now, sweptUntil: now }), next: null };
    },
  };
}

/** Failures that a real submit throws; the others are how an accepted job ends. */
const SUBMIT_FAILURES = new Set<FailureType>([
  'DocumentInputInvalid',
  'DocumentAccountUnknown',
  'DocumentAccountRefused',
  'DocumentSubmitRejected',
  'DocumentSubmitUnknown',
  'DocumentReplyInvalid',
  'DocumentReferenceExpired',
]);

function isMockFailure(answer: unknown): answer is MockFailure {
  return typeof answer === 'object' && answer !== null && 'failure' in answer;
}

function ending(request: OperationRequest, answer: unknown, jobId: string): Omit<PollOutput, 'reads'> {
  if (!isMockFailure(answer)) {
    return {
      state: 'completed',
      vendorStatus: 'Completed',
      result: collected(request.operation, answer, jobId),
    } as never;
  }
  switch (answer.failure) {
    case 'DocumentJobLost':
      return { state: 'lost' };
    case 'DocumentJobNotFound':
      return { state: 'not_found' };
    case 'DocumentJobCancelledElsewhere':
      return { state: 'cancelled', vendorStatus: 'Cancelled' } as never;
    case 'DocumentJobFailed': {
      const { code, reason, transient } = answer;
      return { state: 'failed', vendorStatus: 'Failed', error: { code, reason, transient }, usage: NO_USAGE } as never;
    }
    default:
      throw documentFailure(answer.failure, answer.reason, { jobId, reason: answer.reason } as never);
  }
}

function collected(operation: Operation, answer: unknown, jobId: string): CollectedResult {
  const stored: ResultRef = {
    key: `mock/${jobId}.json`,
    size: 0,
    sha256: '0'.repeat(64),
    contentType: 'application/json',
  };
  const body = answer as {
    pageCount?: number;
    data?: JsonValue;
    citations?: JsonValue;
    sections?: Section[];
    value?: JsonValue;
  };
  const rest = { usage: NO_USAGE, stored };
  switch (operation) {
    case 'parse':
      return { kind: 'parse', reference: `mock://${jobId}`, pageCount: body.pageCount ?? null, ...rest };
    case 'extract': {
      const { data = null, citations } = body;
      return { kind: 'extract', data, ...(citations === undefined ? {} : { citations }), ...rest };
    }
    case 'split':
      return { kind: 'split', sections: body.sections ?? [], ...rest };
    default:
      return { kind: 'other', value: body.value ?? null, ...rest };
  }
}
