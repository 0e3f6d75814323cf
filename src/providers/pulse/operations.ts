import type { Operation } from '../../jobs/types.js';

/** Where each operation is submitted. The vendor calls a parse an extraction, and an extract a schema. */
export const PULSE_OPERATIONS = {
  parse: '/extract',
  extract: '/schema',
  split: '/split',
  tables: '/tables',
  pipeline: '/pipeline/execute',
} as const;

export type PulseOperation = keyof typeof PULSE_OPERATIONS;

export function isPulseOperation(operation: Operation): operation is PulseOperation {
  return Object.hasOwn(PULSE_OPERATIONS, operation);
}
