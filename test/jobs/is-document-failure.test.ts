import {
  ActivityFailure,
  ApplicationFailure,
  DefaultFailureConverter,
  defaultPayloadConverter,
} from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { isDocumentFailure } from '../../src/jobs/is-document-failure.js';

const details = {
  provider: 'reducto',
  account: 'reducto',
  operation: 'parse',
  jobId: 'j1',
  transient: false,
  resubmits: 0,
};
const failed = (): ApplicationFailure =>
  ApplicationFailure.create({ type: 'DocumentJobFailed', message: 'failed', details: [details], nonRetryable: true });

describe('isDocumentFailure', () => {
  it('narrows the failure itself', () => {
    const error: unknown = failed();
    if (!isDocumentFailure(error, 'DocumentJobFailed')) throw new Error('not recognised');
    expect(error.details.jobId).toBe('j1');
  });

  it('finds it in the causes and gives the wrapper its type and details', () => {
    const error: unknown = new ActivityFailure(
      'activity',
      'pollDocumentJob',
      '1',
      'NON_RETRYABLE_FAILURE',
      'me',
      failed(),
    );
    if (!isDocumentFailure(error)) throw new Error('not recognised');
    expect([error.type, error.details.jobId]).toEqual(['DocumentJobFailed', 'j1']);
  });

  it('leaves the error as encodable as it was', () => {
    const error = failed();
    const encode = () => new DefaultFailureConverter().errorToFailure(error, defaultPayloadConverter);
    const before = encode();
    isDocumentFailure(error);
    expect(encode().applicationFailureInfo).toEqual(before.applicationFailureInfo);
  });

  it.each([[null], [undefined], ['text'], [new Error('x')], [ApplicationFailure.create({ type: 'Other' })]])(
    'refuses %s',
    (error) => {
      expect(isDocumentFailure(error)).toBe(false);
    },
  );

  it('refuses another type', () => expect(isDocumentFailure(failed(), 'DocumentJobLost')).toBe(false));
});
