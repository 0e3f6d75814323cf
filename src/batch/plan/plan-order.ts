import { IdIndex } from '../id-index.js';

const FIRST_ROWS = 4_096;
/** Of a document that names none. */
export const DEFAULT_PRIORITY = 3;

/**
 * In which order documents are started: by priority; within one, tenants take turns (the n-th document of each before any tenant's n+1-th); else as
 * they came. Nine bytes a document, and what {@link IdIndex} takes for a tenant.
 */
export class PlanOrder {
  #priorities = new Uint8Array(FIRST_ROWS);
  #turns = new Uint32Array(FIRST_ROWS);
  #size = 0;
  readonly #seen = new IdIndex();

  get size(): number {
    return this.#size;
  }

  /** The next document. */
  add({ priority = DEFAULT_PRIORITY, tenant = '' }: { priority?: number; tenant?: string }): void {
    if (this.#size === this.#turns.length) {
      this.#priorities = grown(this.#priorities, Uint8Array);
      this.#turns = grown(this.#turns, Uint32Array);
    }
    const queue = `${priority} ${tenant}`;
    const turn = this.#seen.get(queue) ?? 0;
    this.#seen.set(queue, turn + 1);
    this.#priorities[this.#size] = priority;
    this.#turns[this.#size] = turn;
    this.#size += 1;
  }

  /** The numbers of the documents, from 0 as they were added, in the order in which they are started. */
  sorted(): Uint32Array {
    const order = Uint32Array.from({ length: this.#size }, (_, at) => at);
    const priorities = this.#priorities;
    const turns = this.#turns;
    return order.sort(
      (a, b) => (priorities[a] ?? 0) - (priorities[b] ?? 0) || (turns[a] ?? 0) - (turns[b] ?? 0) || a - b,
    );
  }
}

/** Twice as long, with the same in it. */
export function grown<A extends Uint8Array | Uint32Array | Float64Array>(array: A, Type: new (length: number) => A): A {
  const larger = new Type(array.length * 2);
  larger.set(array);
  return larger;
}
