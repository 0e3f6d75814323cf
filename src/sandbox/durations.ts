import type { Operation } from '../jobs/types.js';

export interface DurationModel {
  /** Part of every job, ms. */
  baseMs: number;
  /** Added for each page, ms. */
  perPageMs: number;
  /** Each job takes between (1 - jitter) and (1 + jitter) of that, seeded; 0..1. */
  jitter: number;
}

/** How long jobs take. */
export interface Durations {
  /** Jobs of the operation accepted from now on take exactly `ms`: no jitter, not divided by the speed. */
  set(operation: Operation, ms: number): void;
  /** Back to the model. */
  reset(): void;
  /** @param chance one draw in [0, 1), made when the job was accepted */
  plan(operation: Operation, chance: number): (pages: number) => number;
}

export function createDurations(model: DurationModel, speed: number): Durations {
  const exact = new Map<Operation, number>();
  return {
    set: (operation, ms) => void exact.set(operation, ms),
    reset: () => exact.clear(),
    plan(operation, chance) {
      const fixed = exact.get(operation);
      if (fixed !== undefined) return () => fixed;
      const factor = (1 + model.jitter * (2 * chance - 1)) / speed;
      return (pages) => Math.round((model.baseMs + model.perPageMs * pages) * factor);
    },
  };
}
