import { posix } from 'node:path';
import fc from 'fast-check';
import { describe, it } from 'vitest';
import type { JobRef } from '../../src/jobs/types.js';
import { checkKey } from '../../src/results/check-key.js';
import { fileStoreError } from '../../src/results/file-store-error.js';
import { resultKey } from '../../src/results/result-key.js';
import { ResultStoreError } from '../../src/results/result-store.js';
import { operation } from '../support/arbitraries.js';
import { expect, RUNS } from '../support/properties.js';

const piece = fc.constantFrom('a', 'Z', '0', '.', '..', '/', '\\', '-', '_', ' ', 'é', '\0', '%2f', '~', '$', ':');
const long = fc.nat(300).map((length) => 'n'.repeat(length));
const name = fc.oneof(
  fc.array(piece, { maxLength: 5 }).map((pieces) => pieces.join('')),
  fc.string({ maxLength: 6 }),
  long,
);
const job: fc.Arbitrary<JobRef> = fc.record({ provider: name, account: name, operation, jobId: name });

/** Whether the key, as a path, names a file below the store's folder as it stands. */
const staysInside = (key: string): boolean =>
  posix.normalize(key) === key && posix.join('/root', key) === `/root/${key}` && !/(^|\/)\./.test(key);

describe('resultKey', () => {
  it('is a key that every store takes, inside the store', () => {
    fc.assert(
      fc.property(job, (ref) => {
        const key = resultKey(ref);
        checkKey(key);
        expect([staysInside(key), key.split('/').length]).toEqual([true, 4]);
      }),
      RUNS,
    );
  });

  it('is the same for the same job and another for another one', () => {
    fc.assert(
      fc.property(job, job, fc.subarray(['provider', 'account', 'operation', 'jobId'] as const), (one, two, shared) => {
        const other = { ...two, ...Object.fromEntries(shared.map((part) => [part, one[part]])) };
        const isSame = JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(other).sort());
        expect(resultKey(one) === resultKey(other)).toBe(isSame);
      }),
      RUNS,
    );
  });
});

describe('checkKey', () => {
  it('takes no key that could leave the store, or hide in it', () => {
    const key = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('/'));
    fc.assert(
      fc.property(key, (given) => {
        const accepted = (() => {
          try {
            checkKey(given);
            return true;
          } catch (error) {
            expect(error instanceof ResultStoreError && !error.retryable).toBe(true);
            return false;
          }
        })();
        if (accepted) expect(staysInside(given) && !/[\\\0\s%~$:]/.test(given)).toBe(true);
      }),
      RUNS,
    );
  });
});

describe('fileStoreError', () => {
  it('names the key and the error’s code, and no path of the host', () => {
    const code = fc.option(fc.constantFrom('EROFS', 'EACCES', 'ENOSPC', 'EWHATEVER'), { nil: undefined });
    const path = fc
      .array(fc.constantFrom('srv', 'mnt', "it's"), { minLength: 1 })
      .map((steps) => `/${steps.join('/')}`);
    fc.assert(
      fc.property(code, path, fc.nat(99), (given, host, number) => {
        const thrown = Object.assign(new Error(`${given}: open '${host}/x'`), { code: given, path: host });
        const { message } = fileStoreError(`k${number}`, thrown);
        expect(message).not.toContain(host);
        expect(message).toContain(`k${number}`);
        expect(message).toContain(given ?? '');
      }),
      RUNS,
    );
  });
});
