import { expect, it } from 'vitest';
import { resultKey } from '../../src/results/index.js';
import { checkKey } from '../../src/results/check-key.js';

const job = { provider: 'reducto', account: 'main', operation: 'parse', jobId: '04fe7cf4-1f40' } as const;

it('is readable and the same for the same job', () => {
  expect(resultKey(job)).toBe('reducto/main/parse/04fe7cf4-1f40.json');
});

it.each(['../../etc/passwd', 'a/b', '..', '', 'ü', '.hidden', 'x'.repeat(500), 'a b'])(
  'is a key that every store takes, whatever the id (%j)',
  (jobId) => {
    const key = resultKey({ ...job, jobId });
    expect(() => checkKey(key)).not.toThrow();
    expect(key.split('/')).toHaveLength(4);
  },
);

it('differs for ids that differ only in what had to be replaced', () => {
  const keys = ['a/b', 'a_b', 'a b', 'a?b', '.a_b'].map((jobId) => resultKey({ ...job, jobId }));
  expect(new Set(keys).size).toBe(keys.length);
});
