import { describe, expect, it } from 'vitest';
import { batchParent } from '../../bench/batch/parent.js';

const DOCUMENTS = 5_000;

describe('the workflow of a batch alone, its children answered by a driver', () => {
  it('starts and records each document once over several runs, whatever is under way when one follows another', async () => {
    const { rows } = await batchParent(DOCUMENTS);
    const figures = Object.fromEntries(
      (rows as { figure: string; value: number }[]).map((row) => [row.figure, row.value]),
    );
    expect(figures).toMatchObject({ recorded: DOCUMENTS, 'started twice': 0, 'recorded twice': 0 });
    expect(figures.runs).toBeGreaterThan(1);
    expect(figures['carried into another run, share of the documents']).toBeGreaterThan(0);
    expect(figures['events a document']).toBeLessThanOrEqual(15);
    expect(figures['state carried on, kB, most']).toBeLessThan(2_000);
  }, 120_000);
});
