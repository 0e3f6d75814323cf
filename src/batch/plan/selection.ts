import type { BatchRow, BatchSelection } from '../../jobs/batch.js';

/** Of a document's last row; of a document that has none, its id and `not_started`. */
export type Selectable = Pick<BatchRow, 'id' | 'state' | 'error'>;

/** Tells whether a re-drive takes a document. */
export function selector({ states, errors, ids }: BatchSelection): (row: Selectable) => boolean {
  const wanted = ids && new Set(ids);
  const isFree = states === undefined && errors === undefined && ids === undefined;
  return ({ id, state, error }) => {
    if (isFree) return state !== 'done';
    if (states !== undefined && !states.includes(state)) return false;
    if (errors !== undefined && !(error !== undefined && errors.includes(error.type))) return false;
    return wanted === undefined || wanted.has(id);
  };
}
