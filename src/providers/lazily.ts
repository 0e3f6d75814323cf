/** An iterable that begins anew each time it is iterated; a generator's own would be empty the second time, and say nothing. */
export function lazily<T>(begin: () => AsyncGenerator<T, void>): AsyncIterable<T> {
  return { [Symbol.asyncIterator]: begin };
}

/** @param pick gives undefined for what is left out. */
export function picked<T, R>(from: AsyncIterable<T>, pick: (one: T) => R | undefined): AsyncIterable<R> {
  return lazily(async function* () {
    for await (const one of from) {
      const result = pick(one);
      if (result !== undefined) yield result;
    }
  });
}
