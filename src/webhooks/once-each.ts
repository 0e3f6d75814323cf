/** Does each named thing once within a time: senders repeat themselves, and whoever has overheard a message can do so too. */
export interface OnceEach<T> {
  /**
   * @returns what the work gave, `repeated` when it was done, or is being done, for an earlier call. A failure is not remembered, nor work that
   * has not ended in time: a runtime may have ended it with the request that it was for.
   */
  do(name: string, work: () => Promise<T>): Promise<{ value: T; repeated: boolean }>;
}

/**
 * @param forMs how long a name is remembered.
 * @param most names kept, the oldest going first.
 * @param workMs how long work may take.
 */
export function onceEach<T>(forMs: number, most: number, workMs: number): OnceEach<T> {
  const done = new Map<string, { at: number; value: Promise<T> }>();
  const ended = new WeakSet<Promise<T>>();
  const forget = (now: number): void => {
    for (const [name, { at }] of done) {
      if (now - at < forMs && done.size <= most) return;
      done.delete(name);
    }
  };
  return {
    async do(name, work) {
      const now = performance.now();
      forget(now);
      const earlier = done.get(name);
      if (earlier !== undefined && (ended.has(earlier.value) || now - earlier.at < workMs)) {
        return { value: await earlier.value, repeated: true };
      }
      const value = work();
      // At the end, where the youngest are.
      done.delete(name);
      done.set(name, { at: now, value });
      try {
        const given = await value;
        ended.add(value);
        return { value: given, repeated: false };
      } catch (error) {
        if (done.get(name)?.value === value) done.delete(name);
        throw error;
      }
    },
  };
}
