/** Thrown when a case does not end: what it holds of the environment's time, no later case can have. */
export class CaseHangs extends Error {
  override readonly name = 'CaseHangs';
}

/** @param limitMs real time. @throws CaseHangs when the work takes longer; it may go on, out of sight. */
export async function withinLimit<T>(limitMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new CaseHangs(`did not end within ${limitMs} ms of real time`)), limitMs);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
