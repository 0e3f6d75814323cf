/** One who waits for a turn. */
export interface Waiter {
  urgent: boolean;
  /** When it goes away, ms on the line's scale; Infinity: never by itself. */
  until: number;
  /** It has left, however that came about. */
  gone: boolean;
}

/** Those who wait for turns of one kind: the urgent first, then whoever came first. No operation takes longer because many wait (leaving by time: log n). */
export interface WaitingLine<W extends Waiter> {
  readonly size: number;
  readonly hasUrgent: boolean;
  /** How many stand before one who comes now. */
  ahead(urgent: boolean): number;
  push(waiter: W): void;
  /** Takes the next one out. */
  shift(): W | undefined;
  /** One leaves from wherever it stands. */
  leave(waiter: W): void;
  /** When the next one goes away by itself; Infinity when nobody does. */
  nextLeave(): number;
  /** Takes out all whose time is over. */
  leavers(now: number): W[];
}

export function createWaitingLine<W extends Waiter>(): WaitingLine<W> {
  const lines = { urgent: createFifo<W>(), patient: createFifo<W>() };
  const leaving = createHeap<W>();
  const lineOf = ({ urgent }: Pick<W, 'urgent'>): Fifo<W> => (urgent ? lines.urgent : lines.patient);
  const leave = (waiter: W): void => {
    if (waiter.gone) return;
    waiter.gone = true;
    lineOf(waiter).left();
  };
  return {
    get size() {
      return lines.urgent.size + lines.patient.size;
    },
    get hasUrgent() {
      return lines.urgent.size > 0;
    },
    ahead: (urgent) => lines.urgent.size + (urgent ? 0 : lines.patient.size),
    push(waiter) {
      lineOf(waiter).push(waiter);
      if (waiter.until !== Infinity) leaving.push(waiter);
    },
    shift() {
      const next = lines.urgent.first() ?? lines.patient.first();
      if (next !== undefined) leave(next);
      return next;
    },
    leave,
    nextLeave: () => leaving.first()?.until ?? Infinity,
    leavers(now) {
      const out: W[] = [];
      for (let next = leaving.first(); next !== undefined && next.until <= now; next = leaving.first()) {
        leave(next);
        out.push(next);
      }
      return out;
    },
  };
}

interface Fifo<W> {
  /** Of those who are still there. */
  readonly size: number;
  push(waiter: W): void;
  first(): W | undefined;
  /** One of them is gone; it is passed over when its turn comes. */
  left(): void;
}

function createFifo<W extends Waiter>(): Fifo<W> {
  let items: (W | undefined)[] = [];
  let head = 0;
  let size = 0;
  return {
    get size() {
      return size;
    },
    push(waiter) {
      // Whoever has left from the middle must not be kept for ever by one who stays at the front.
      if (items.length > 64 && items.length > 4 * size) {
        items = items.filter((one) => one?.gone === false);
        head = 0;
      }
      items.push(waiter);
      size += 1;
    },
    first() {
      while (head < items.length && items[head]?.gone !== false) items[head++] = undefined;
      if (head === items.length) {
        items = [];
        head = 0;
      }
      return items[head];
    },
    left: () => void (size -= 1),
  };
}

interface Heap<W> {
  push(waiter: W): void;
  /** The one that leaves first, of those who are still there. */
  first(): W | undefined;
}

/** Ordered by `until`. */
function createHeap<W extends Waiter>(): Heap<W> {
  let items: W[] = [];
  let gone = 0;
  const before = (a: number, b: number): boolean => items[a]!.until < items[b]!.until;
  const swap = (a: number, b: number): void => void ([items[a], items[b]] = [items[b]!, items[a]!]);
  const up = (from: number): void => {
    for (let at = from, parent; at > 0 && before(at, (parent = (at - 1) >> 1)); at = parent) swap(at, parent);
  };
  const down = (from: number): void => {
    for (let at = from; ;) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      let least = at;
      if (left < items.length && before(left, least)) least = left;
      if (right < items.length && before(right, least)) least = right;
      if (least === at) return;
      swap(at, least);
      at = least;
    }
  };
  const drop = (): void => {
    const last = items.pop()!;
    if (items.length === 0) return;
    items[0] = last;
    down(0);
  };
  return {
    push(waiter) {
      gone += 1;
      // Those who had their turn long before their time would pile up: they are thrown out as often as they were pushed.
      if (gone > 64 && gone > items.length / 2) {
        items = items.filter((one) => !one.gone).sort((a, b) => a.until - b.until);
        gone = 0;
      }
      items.push(waiter);
      up(items.length - 1);
    },
    first() {
      while (items[0]?.gone === true) drop();
      return items[0];
    },
  };
}
