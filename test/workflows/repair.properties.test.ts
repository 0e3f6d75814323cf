import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { FAILURE_TYPES } from '../../src/jobs/failures.js';
import type { ParsedDocument } from '../../src/workflows/documents.js';
import { documentFailure, unwrapActivityFailure } from '../../src/workflows/failure.js';
import { createRepairs, isReferenceGone } from '../../src/workflows/repair.js';
import { word } from '../support/arbitraries.js';
import { expect, RUNS } from '../support/properties.js';

const document = (reference: string): ParsedDocument => ({ provider: 'p', account: 'a', reference }) as ParsedDocument;

describe('repairs', () => {
  const repairAll = async (steps: [from: string, to: string][]) => {
    const repairs = createRepairs();
    for (const [from, to] of steps) await repairs.repair(document(from), async () => document(to));
    return repairs;
  };

  it('lead from any of a document’s references to the last that took its place', async () => {
    const chain = fc.uniqueArray(word, { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(chain, fc.nat(5), async (references, nth) => {
        const steps = references.slice(1).map((to, index) => [references[index] ?? '', to] as [string, string]);
        const repairs = await repairAll(steps);
        const reference = references[nth] ?? 'unknown';
        const last = references[nth] === undefined ? 'unknown' : references.at(-1);
        expect(repairs.latest(document(reference)).reference).toBe(last);
      }),
      RUNS,
    );
  });

  it('come to an end though a vendor gives a reference again that it had forgotten', async () => {
    const step = fc.tuple(fc.constantFrom('r1', 'r2'), fc.constantFrom('r1', 'r2', 'r3'));
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 3 }), async (steps) => {
        const repairs = await repairAll(steps);
        expect(['r1', 'r2', 'r3']).toContain(repairs.latest(document('r1')).reference);
      }),
      RUNS,
    );
  });
});

const type = fc.constantFrom(...FAILURE_TYPES);
const about = { provider: 'p', account: 'a', operation: 'extract' as const, jobId: 'j' };

describe('isReferenceGone', () => {
  it('is so for an expired reference and for a job whose input is gone, whatever stands around them', () => {
    fc.assert(
      fc.property(type, fc.constantFrom(true, false, undefined), fc.boolean(), (name, inputGone, isWrapped) => {
        const failure = documentFailure(name, 'm', {
          ...about,
          ...(inputGone !== undefined && { inputGone }),
        });
        const error = isWrapped ? ApplicationFailure.create({ message: 'outer', cause: failure }) : failure;
        const isGone = name === 'DocumentReferenceExpired' || (name === 'DocumentJobFailed' && inputGone === true);
        expect(isReferenceGone(error)).toBe(isGone);
      }),
      RUNS,
    );
  });
});

describe('unwrapActivityFailure', () => {
  it('shows the document failure that an activity failed with, final, and passes on all else as it is', () => {
    const cause = fc.oneof(
      type.map((name) => documentFailure(name, 'm', about as never)),
      word.map((name) => ApplicationFailure.create({ type: name, message: 'm' })),
    );
    const state = 'NON_RETRYABLE_FAILURE';
    fc.assert(
      fc.property(cause, fc.boolean(), (inner, isActivity) => {
        const error = isActivity ? new ActivityFailure('failed', 'poll', '1', state, undefined, inner) : inner;
        const isOurs = (FAILURE_TYPES as readonly string[]).includes(inner.type ?? '');
        const shown = unwrapActivityFailure(error);
        if (!isActivity || !isOurs) expect(shown).toBe(error);
        else expect(shown).toMatchObject({ type: inner.type, nonRetryable: true, details: [about] });
      }),
      RUNS,
    );
  });
});
