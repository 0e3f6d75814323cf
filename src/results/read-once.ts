/**
 * A stream for one reader. Unlike a generator's own, its `return()` calls `close` even when nothing was read yet, and at once even when a
 * piece is being waited for.
 */
export function readOnce(pieces: AsyncGenerator<Uint8Array>, close: () => unknown): AsyncIterableIterator<Uint8Array> {
  const stream: AsyncIterableIterator<Uint8Array> = {
    next: () => pieces.next(),
    async return() {
      await close();
      return pieces.return(undefined);
    },
    [Symbol.asyncIterator]: () => stream,
  };
  return stream;
}
