import type { Mutant } from './mutant.js';
import { WEBHOOK_MUTANTS } from './webhook-mutants.js';
import { WORKER_MUTANTS } from './worker-mutants.js';
import { WORKFLOW_MUTANTS } from './workflow-mutants.js';

/** Every safeguard whose loss a test must notice. */
export const MUTANTS: readonly Mutant[] = [...WORKER_MUTANTS, ...WORKFLOW_MUTANTS, ...WEBHOOK_MUTANTS].sort(
  (one, other) => one.guarantee.localeCompare(other.guarantee),
);
