import { describe, expect, it } from 'vitest';
import type { ProcessBatchInput } from '../../src/jobs/batch.js';
import { checkBatchChange, checkProcessBatchInput } from '../../src/jobs/batch-input.js';

const input: ProcessBatchInput = { manifest: { kind: 'folder', path: 'in' } };

describe('the input', () => {
  it.each([
    [undefined, 'input'],
    [{}, 'manifest'],
    [{ manifest: { kind: 'tape' } }, 'manifest'],
    [{ manifest: { kind: 'file' } }, 'manifest.path'],
    [{ ...input, request: { schema: { type: 'string' } } }, 'request.schema'],
    [{ ...input, request: { parsed: {} } }, 'request.parsed'],
    [{ ...input, window: 2_001 }, 'window'],
    [{ ...input, startsPerSecond: 0 }, 'startsPerSecond'],
    [{ ...input, budget: {} }, 'budget'],
    [{ ...input, budget: { credits: -1 } }, 'budget.credits'],
    [{ ...input, budget: { credits: 1, then: 'go' } }, 'budget.then'],
    [{ ...input, paused: 1 }, 'paused'],
    [{ ...input, redrive: { batchId: 'b' } }, 'redrive'],
    [{ ...input, eventsPerRun: 3 }, 'eventsPerRun'],
    [{ ...input, taskQueue: 7 }, 'taskQueue'],
    [{ ...input, force: '' }, 'force'],
  ])('%j is refused for its %s', (wrong, field) => {
    expect(checkProcessBatchInput(wrong)?.field).toBe(field);
  });

  it.each([
    input,
    { ...input, window: 2_000, startsPerSecond: 0.1, budget: { pages: 5, then: 'stop' }, eventsPerRun: 50 },
    {
      ...input,
      request: { schema: { type: 'object' }, sections: [{ name: 'n', description: 'd' }], extractPerSection: true },
    },
    { ...input, redrive: { batchId: 'b', select: {} } },
  ])('%j is taken', (right) => {
    expect(checkProcessBatchInput(right)).toBeNull();
  });
});

describe('a change', () => {
  it.each([
    [null, 'change'],
    [{}, 'change'],
    [{ speed: 1 }, 'speed'],
    [{ cancel: false }, 'cancel'],
    [{ window: 1.5 }, 'window'],
    [{ budget: {} }, 'budget'],
  ])('%j is refused for its %s', (wrong, field) => {
    expect(checkBatchChange(wrong)?.field).toBe(field);
  });

  it.each([{ budget: null }, { cancel: true }, { paused: true, window: 1 }, { budget: { credits: 5 } }])(
    '%j is taken',
    (right) => {
      expect(checkBatchChange(right)).toBeNull();
    },
  );
});
