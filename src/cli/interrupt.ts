/**
 * Ctrl-C, twice: the first asks the documents to cancel, the second gives up waiting for them. A third kills, as ever.
 * @returns takes the handlers away.
 */
export function onInterrupt({ first, second }: { first: () => void; second: () => void }): () => void {
  let count = 0;
  const listener = (): void => {
    count++;
    if (count === 1) first();
    else if (count === 2) second();
    else process.exit(130);
  };
  process.on('SIGINT', listener);
  return () => void process.off('SIGINT', listener);
}
