/** `npm run kills`: every cell of the matrix, as the table of docs/guarantees.md. */
import { setMaxListeners } from 'node:events';
import { BODIES, type Body, type Cell, CELLS, type StoreKind } from './cells.js';
import { playCell, type PlayedCell } from './play-cell.js';
import { type Point, POINTS } from './points.js';
import { startStage } from './stage.js';

const AT_ONCE = 4;

setMaxListeners(0);
const startedAt = performance.now();
await using stage = await startStage();
const played: PlayedCell[] = [];
const waiting = [...CELLS];
await Promise.all(
  Array.from({ length: AT_ONCE }, async () => {
    for (let cell = waiting.shift(); cell !== undefined; cell = waiting.shift()) {
      const one = await playCell(stage, cell);
      played.push(one);
      for (const problem of one.problems) console.error(`${nameOf(cell)}: ${problem}`);
    }
  }),
);

const columns: [string, Body[], StoreKind][] = [
  ['inline → file', ['inline', 'other inline'], 'file'],
  ['inline → S3', ['inline', 'other inline', 'small'], 's3'],
  ['behind a URL → file', ['url'], 'file'],
  ['behind a URL → S3', ['url'], 's3'],
  ['read once → file', ['once', 'once half sent', 'once opened'], 'file'],
  ['read once → S3', ['once', 'once half sent'], 's3'],
];
console.log(`| killed | ${columns.map(([name]) => name).join(' | ')} |`);
console.log(`| --- |${columns.map(() => ' --: |').join('')}`);
for (const point of Object.keys(POINTS) as Point[]) {
  const cells = columns.map(([, bodies, store]) =>
    countOf(played.filter(({ cell }) => cell.point === point && cell.store === store && bodies.includes(cell.body))),
  );
  console.log(`| ${POINTS[point]} | ${cells.join(' | ')} |`);
}
const broken = played.filter(({ problems }) => problems.length > 0).length;
const seconds = Math.round((performance.now() - startedAt) / 1000);
console.log(`\n${played.length} cells in ${seconds} s, ${broken} with something wrong.`);
process.exitCode = broken === 0 ? 0 : 1;

function countOf(cells: PlayedCell[]): string {
  if (cells.length === 0) return '–';
  const kept = cells.filter(({ end }) => end === 'completed').length;
  const consumed = cells.length - kept;
  return [kept > 0 ? `${kept} kept` : '', consumed > 0 ? `${consumed} consumed` : ''].filter(Boolean).join(', ');
}

function nameOf({ body, store, point }: Cell): string {
  return `${BODIES[body]} → ${store}, ${POINTS[point]}`;
}
