/** The sandbox's one source of time, ms since the epoch. Jobs, retention and signatures all live by it. */
export interface Clock {
  now(): Promise<number>;
  /** The time without waiting: fresh for a clock that answers at once, else the time that was last read. */
  lastSeen(): number;
}

/** @param read a clock of the caller's, such as a time-skipping test server's, which can only be asked asynchronously */
export function createClock(read: () => number | Promise<number>): Clock {
  let last = 0;
  let immediate = false;
  return {
    async now() {
      const reading = read();
      immediate = typeof reading === 'number';
      last = await reading;
      return last;
    },
    lastSeen() {
      const reading = immediate ? read() : last;
      if (typeof reading === 'number') last = reading;
      return last;
    },
  };
}
