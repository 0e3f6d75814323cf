import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BODIES, type Cell, SHORT_CELLS } from './cells.js';
import { playCell } from './play-cell.js';
import { POINTS } from './points.js';
import { type Stage, startStage } from './stage.js';

let stage: Stage;
beforeAll(async () => void (stage = await startStage()), 240_000);
afterAll(() => stage[Symbol.asyncDispose]());

const named = SHORT_CELLS.map((cell): [string, Cell] => [
  `${BODIES[cell.body]} → ${cell.store}, ${POINTS[cell.point]}: ${cell.end}`,
  cell,
]);

/** Every cell of the matrix: `npm run kills`. */
describe('a worker killed with -9 while it copies a result', { timeout: 60_000 }, () => {
  it.concurrent.each(named)('%s', async (_name, cell) => {
    expect((await playCell(stage, cell)).problems).toEqual([]);
  });

  it('submits nothing', () => {
    const { asked, arrived } = stage.submits();
    expect(arrived).toBe(asked);
  });
});
