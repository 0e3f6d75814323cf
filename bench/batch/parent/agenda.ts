interface Entry<T> {
  at: number;
  what: T;
}

/** What is going to happen, the earliest first; a binary heap. */
export class Agenda<T> {
  readonly #heap: Entry<T>[] = [];

  add(at: number, what: T): void {
    const heap = this.#heap;
    let place = heap.push({ at, what }) - 1;
    for (let above = (place - 1) >> 1; place > 0 && heap[above]!.at > at; above = (place - 1) >> 1) {
      this.#swap(place, above);
      place = above;
    }
  }

  get nextAt(): number | undefined {
    return this.#heap[0]?.at;
  }

  /** The earliest, if it is due by then. */
  take(by: number): T | undefined {
    const heap = this.#heap;
    const [first] = heap;
    if (first === undefined || first.at > by) return undefined;
    const last = heap.pop()!;
    if (heap.length > 0) {
      heap[0] = last;
      this.#sink();
    }
    return first.what;
  }

  #sink(): void {
    const heap = this.#heap;
    for (let place = 0; ;) {
      const [left, right] = [2 * place + 1, 2 * place + 2];
      let least = place;
      if (left < heap.length && heap[left]!.at < heap[least]!.at) least = left;
      if (right < heap.length && heap[right]!.at < heap[least]!.at) least = right;
      if (least === place) return;
      this.#swap(place, least);
      place = least;
    }
  }

  #swap(one: number, other: number): void {
    const heap = this.#heap;
    [heap[one], heap[other]] = [heap[other]!, heap[one]!];
  }
}
