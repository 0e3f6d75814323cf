import type { Operation } from '../../jobs/types.js';

/** Where each operation is submitted, and what the vendor's job list calls it. */
export const REDUCTO_OPERATIONS = {
  parse: { path: '/parse_async', type: 'Parse' },
  extract: { path: '/extract_async', type: 'Extract' },
  split: { path: '/split_async', type: 'Split' },
  pipeline: { path: '/pipeline_async', type: 'Pipeline' },
  edit: { path: '/edit_async', type: 'Edit' },
  classify: { path: '/classify_async', type: 'Classify' },
} as const;

/** Where classify is submitted where the vendor has no asynchronous form of it. */
export const SYNC_CLASSIFY_PATH = '/classify';

export type ReductoOperation = keyof typeof REDUCTO_OPERATIONS;

export function isReductoOperation(operation: Operation): operation is ReductoOperation {
  return Object.hasOwn(REDUCTO_OPERATIONS, operation);
}

/** The operation that the vendor's job list calls so. */
export function operationOf(type: string | null | undefined): ReductoOperation | null {
  const word = type?.toLowerCase();
  const names = Object.keys(REDUCTO_OPERATIONS) as ReductoOperation[];
  return names.find((name) => REDUCTO_OPERATIONS[name].type.toLowerCase() === word) ?? null;
}
