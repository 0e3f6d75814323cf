import { describe, expect, it } from 'vitest';
import { errorOf, EXTRACTION, withPulse } from './helpers.js';

describe('takes any acknowledgement', () => {
  it.each([
    [200, { job_id: 'j', status: 'pending', message: 'm' }, 'j'],
    [202, { job_id: 'j', status: 'processing', queuedAt: 'x', credits_used: null }, 'j'],
    [201, { job_id: 'j', tables_id: 't' }, 'j'],
    [202, { tables_id: 't', status: 'pending' }, 't'],
  ])('%i %o', async (status, body, jobId) => {
    await withPulse({ status, body }, {}, async (provider) => {
      expect(await provider.submit({ operation: 'tables', input: EXTRACTION }, { marker: 'm' }, {})).toEqual({ jobId });
    });
  });

  const finished = { markdown: '# A', extraction_id: EXTRACTION, page_count: 1 };
  it('also a finished body, which is kept where it names its job', async () => {
    const body = { ...finished, job_id: 'j' };
    await withPulse({ status: 200, body }, {}, async (provider) => {
      expect(await provider.submit({ operation: 'parse', input: 'https://h/a' }, { marker: 'm' }, {})).toEqual({
        jobId: 'j',
        body,
      });
    });
  });

  it('and a pointer to one, which the job has too', async () => {
    const body = { is_url: true, url: 'https://h/large', job_id: 'j' };
    await withPulse({ status: 200, body }, {}, async (provider) => {
      expect(await provider.submit({ operation: 'parse', input: 'https://h/a' }, { marker: 'm' }, {})).toEqual({
        jobId: 'j',
      });
    });
  });

  it.each([
    ['parse', finished],
    ['parse', {}],
    ['parse', { job_id: '' }],
    ['parse', { job_id: 7 }],
    ['tables', { tables_id: 't', tables_output: { tables: [] } }],
    ['parse', { is_url: true, url: 'https://h/large' }],
  ] as const)('but not one of a %s without a job: %o', async (operation, body) => {
    const request = { operation, input: operation === 'parse' ? 'https://h/a' : EXTRACTION };
    await withPulse({ status: 200, body }, {}, async (provider) => {
      const { facts } = await errorOf(provider.submit(request, { marker: 'm' }, {}));
      expect(facts).toMatchObject({ kind: 'invalid_reply', field: 'job_id', sent: true });
    });
  });
});
