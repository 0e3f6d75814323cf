import { expect, it } from 'vitest';
import type { Row } from './row.js';
import { tableOf } from './table.js';

const ROW: Row = {
  id: 'here/reducto/parse/once/0',
  point: 'here',
  vendor: 'reducto',
  operation: 'parse',
  pattern: 'once',
  impacts: [],
  fired: true,
  ended: 'complete',
  outcomes: ['parse completed'],
  accepted: 1,
  asked: 1,
  resubmits: 0,
  repairs: 0,
  unknownSubmits: 0,
  adopted: 0,
  reaped: 0,
  running: 0,
  unheardOf: 0,
  reads: 1,
  violations: [],
  ms: 11_000,
};

const linesOf = (rows: Row[]): string[] => {
  const undisturbed = new Map([['reducto/parse', { value: null, ms: 1_000 }]]);
  return tableOf(rows, undisturbed)
    .split('\n')
    .slice(2)
    .map((line) => line.slice(2, -2));
};

it('counts what came about at each point, and at all', () => {
  const rows: Row[] = [
    { ...ROW, adopted: 1 },
    { ...ROW, ms: 21_000 },
    { ...ROW, ms: 31_000 },
    { ...ROW, ended: 'Cancelled', reaped: 1 },
    {
      ...ROW,
      point: 'there',
      ended: 'hung',
      accepted: 2,
      running: 1,
      violations: ['lost', 'paid twice', 'left running'],
    },
    { ...ROW, fired: false, adopted: 1 },
  ];
  expect(linesOf(rows)).toEqual([
    'here | reducto | 4 | 3 | 1 | 0 | 0 | 0 | 0 | 0 | 1 | 1 | 20',
    'there | reducto | 1 | 0 | 0 | 1 | 1 | 0 | 1 | 0 | 0 | 0 | –',
    'all | reducto | 5 | 3 | 1 | 1 | 1 | 0 | 1 | 0 | 1 | 1 | 20',
  ]);
});

it('counts labelled duplicates and ids that were lost where the vendor lists no jobs', () => {
  const row: Row = { ...ROW, vendor: 'pulse', accepted: 3, resubmits: 1, unknownSubmits: 1, running: 1, unheardOf: 1 };
  expect(linesOf([row])[0]).toBe('here | pulse | 1 | 1 | 0 | 0 | 0 | 1 | 0 | 1 | 0 | 0 | 11');
});
