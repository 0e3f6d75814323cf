import fc from 'fast-check';
import { describe, it } from 'vitest';
import { closedWorkflowsQuery, leaseWorkflowId } from '../../src/jobs/reap.js';
import { word } from '../support/arbitraries.js';
import { expect, RUNS } from '../support/properties.js';

const SWEPT = { sweptFrom: '2026-11-23T10:00:00.000Z', sweptUntil: '2026-11-24T10:00:00.000Z' };
const ENDS = ['Terminated', 'TimedOut', 'Failed', 'Canceled'];

/** Reads a visibility query as Temporal does: a doubled quote stands for one, a backslash for itself and keeps what follows from ending a text. */
function read(query: string): { literals: string[]; rest: string } {
  const literals: string[] = [];
  const rest = query.replace(/'((?:[^'\\]|''|\\[^])*)'/g, (_all, inner: string) => {
    literals.push(inner.replaceAll("''", "'"));
    return '?';
  });
  return { literals, rest };
}

const piece = fc.constantFrom(
  'a',
  'B',
  "'",
  "''",
  ' ',
  ')',
  '(',
  ' OR ',
  ' AND ',
  '--',
  ';',
  '"',
  '%',
  'é',
  '\n',
  '\\w',
);
const typeName = fc.array(piece, { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join(''));

const marks = (list: string[]): string => list.map(() => '?').join(', ');
const queryFor = (workflowTypes: string[]) => {
  const types = [...new Set(['processDocument', ...workflowTypes])];
  const which = `(WorkflowType IN (${marks(types)}) AND ExecutionStatus IN (${marks(ENDS)}))`;
  const query = read(closedWorkflowsQuery({ workflowTypes }, ['processDocument'], SWEPT));
  return { types, query, frame: `${which} AND CloseTime >= ? AND CloseTime < ?` };
};

describe('closedWorkflowsQuery', () => {
  it('has each name for one literal, whatever quotes and words are in it', () => {
    fc.assert(
      fc.property(fc.array(typeName, { maxLength: 4 }), (names) => {
        const { types, query, frame } = queryFor(names);
        expect(query).toEqual({
          rest: frame,
          literals: [...types, ...ENDS, SWEPT.sweptFrom, SWEPT.sweptUntil],
        });
      }),
      RUNS,
    );
  });

  it('keeps a query of the user’s own within the time that is swept', () => {
    fc.assert(
      fc.property(typeName, fc.array(word), (name, workflowTypes) => {
        const own = `WorkflowType = '${name.replaceAll("'", "''")}' OR StartTime > '2020-01-01T00:00:00Z'`;
        const { literals, rest } = read(closedWorkflowsQuery({ workflowTypes, query: own }, ['x'], SWEPT));
        expect(rest).toBe('(WorkflowType = ? OR StartTime > ?) AND CloseTime >= ? AND CloseTime < ?');
        expect(literals).toEqual([name, '2020-01-01T00:00:00Z', SWEPT.sweptFrom, SWEPT.sweptUntil]);
      }),
      RUNS,
    );
  });
});

describe('leaseWorkflowId', () => {
  it('is never the same for two jobs or two slots', () => {
    const jobId = fc.array(fc.constantFrom('a', '/', '0', '1', '//'), { minLength: 1, maxLength: 3 });
    const lease = fc.record({ jobId: jobId.map((parts) => parts.join('')), slot: fc.nat(2) });
    const idOf = ({ jobId: id, slot }: { jobId: string; slot: number }): string =>
      leaseWorkflowId({ provider: 'p', account: 'a', operation: 'parse', jobId: id }, slot);
    fc.assert(
      fc.property(lease, lease, (one, other) => {
        expect(idOf(one) === idOf(other)).toBe(one.jobId === other.jobId && one.slot === other.slot);
      }),
      RUNS,
    );
  });
});
