import { runCell } from './cell/run-cell.js';
import type { Surroundings } from './cell/world.js';
import { judge, keyOf, type Undisturbed } from './judge/judge.js';
import { observe, type Observed } from './judge/observe.js';
import type { Row } from './judge/row.js';
import { type Cell, intoCells } from './plan/cells.js';
import type { Run } from './plan/run.js';

export interface FleetOptions {
  surroundings: Surroundings;
  /** Cells that run at once. */
  atOnce: number;
  /** Told of the rows of each cell as it ends. */
  onRows: (rows: Row[], cell: Cell) => void;
  /** Told of a cell that could not be run to its end; its runs are tried again, too. */
  onTrouble: (error: unknown, cell: Cell) => void;
  /** Runs whose faults did not all come about are tried again so often. Default 2. */
  again?: number;
}

/** Runs what undisturbed documents come to. @throws Error when one of them does not complete. */
export async function runControls(controls: Run[], surroundings: Surroundings): Promise<Undisturbed> {
  const cells = intoCells(controls, controls.length, 'control');
  const seen: Observed[] = [];
  for (const cell of cells) seen.push(...(await runCell(cell, surroundings, observe)));
  const undisturbed: Undisturbed = new Map();
  for (const { run, value, ended, ms } of seen) {
    if (ended !== 'complete') throw new Error(`${run.id}: an undisturbed document ended as ${ended}`);
    const others = seen.filter((one) => keyOf(one.run) === keyOf(run)).map((one) => one.ms);
    undisturbed.set(keyOf(run), { value, ms: Math.min(ms, ...others) });
  }
  return undisturbed;
}

/** Runs all runs, and those whose faults did not come about again. */
export async function runFleet(runs: Run[], undisturbed: Undisturbed, options: FleetOptions): Promise<Row[]> {
  const { surroundings, atOnce, onRows, onTrouble, again = 2 } = options;
  const rows = new Map<string, Row>();
  let left = runs;
  for (let pass = 0; pass <= again && left.length > 0; pass++) {
    const queue = intoCells(left, undefined, `p${pass}`)[Symbol.iterator]();
    const lane = async (): Promise<void> => {
      for (const cell of queue) {
        const seen = await runCell(cell, surroundings, observe).catch((error: unknown) => {
          onTrouble(error, cell);
          return [];
        });
        const judged = seen.map((one) => judge(one, undisturbed));
        for (const row of judged) rows.set(row.id, row);
        onRows(judged, cell);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, lane));
    left = left.filter(({ id }) => !isSettled(rows.get(id)));
  }
  return [...rows.values()];
}

/** Its faults came about, or it broke a guarantee without them: that is not to be covered by a second try. */
export const isSettled = (row: Row | undefined): boolean =>
  row !== undefined && (row.fired || row.violations.length > 0);
