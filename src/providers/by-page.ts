import { lazily } from './lazily.js';

/** Something that stands on a page. */
export interface OnPage<T> {
  /** Null for what stands on none: it is left out. */
  page: number | null;
  item: T;
  /** Bytes that it takes, roughly. */
  size: number;
}

export interface PageOf<T> {
  page: number;
  /** In the order of the body. */
  items: T[];
}

/** Asked once for each item, in the order of the body, before it is made; one that is not wanted is passed over. */
export type Wants = () => boolean;

/** What is held at most, unless one page is larger, bytes of JSON. */
const BUDGET = 8 * 1024 * 1024;

/**
 * What stands on each page: ascending, each page once and whole, although the body may come back to a page at any time. Nothing is given before
 * the body was read to its end once, because only then is any page known to be whole.
 *
 * When the pages are more than `budget`, the highest are left for another reading. The first reading has noted the page of each item, so that the
 * next one gives a page as soon as its last item has come: a body that is roughly in order is read twice, whatever its size.
 * @param read begins a reading.
 */
export function byPage<T>(read: (wants: Wants) => AsyncIterable<OnPage<T>>, budget = BUDGET): AsyncIterable<PageOf<T>> {
  return lazily(async function* () {
    const pages: (number | null)[] = [];
    let held = new HeldPages<T>(budget);
    for await (const one of read(() => true)) {
      pages.push(one.page);
      held.add(one);
    }
    yield* held.takeAll();
    const counts = countsOf(pages);
    while (held.end < Infinity) {
      const from = held.end;
      const now = (held = new HeldPages<T>(budget));
      const toCome = [...counts.keys()].filter((page) => page >= from).sort((a, b) => b - a);
      let at = 0;
      const wants: Wants = () => {
        const page = pages[at++] ?? -Infinity;
        return page >= from && page < now.end;
      };
      for await (const one of read(wants)) {
        now.add(one);
        for (
          let next = toCome.at(-1);
          next !== undefined && now.count(next) === counts.get(next);
          next = toCome.at(-1)
        ) {
          yield now.take(next);
          toCome.pop();
        }
      }
      yield* now.takeAll();
    }
  });
}

function countsOf(pages: readonly (number | null)[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const page of pages) if (page !== null) counts.set(page, (counts.get(page) ?? 0) + 1);
  return counts;
}

class HeldPages<T> {
  /** Pages from here on did not fit. */
  end = Infinity;
  readonly #budget: number;
  readonly #held = new Map<number, { items: T[]; size: number }>();
  #size = 0;

  constructor(budget: number) {
    this.#budget = budget;
  }

  add({ page, item, size }: OnPage<T>): void {
    if (page === null || page >= this.end) return;
    const held = this.#held.get(page) ?? { items: [], size: 0 };
    this.#held.set(page, held);
    held.items.push(item);
    held.size += size;
    this.#size += size;
    if (this.#size > this.#budget) this.#makeRoom();
  }

  count(page: number): number {
    return this.#held.get(page)?.items.length ?? 0;
  }

  take(page: number): PageOf<T> {
    const { items, size } = this.#held.get(page) ?? { items: [], size: 0 };
    this.#held.delete(page);
    this.#size -= size;
    return { page, items };
  }

  *takeAll(): Generator<PageOf<T>> {
    for (const page of this.#ascending()) yield this.take(page);
  }

  #ascending(): number[] {
    return [...this.#held.keys()].sort((a, b) => a - b);
  }

  /** The lowest page stays in any case. Some more than needed goes, so that the next item does not ask for room again. */
  #makeRoom(): void {
    const [, ...others] = this.#ascending();
    for (let page = others.pop(); page !== undefined && this.#size > this.#budget * 0.75; page = others.pop()) {
      this.take(page);
      this.end = page;
    }
  }
}
