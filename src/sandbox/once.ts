/** Does the work at the first call; later calls share its promise, a rejected one too. */
export function once<T>(work: () => Promise<T>): () => Promise<T> {
  let started: Promise<T> | null = null;
  return () => (started ??= work());
}
