import { CancellationScope } from '@temporalio/workflow';

type Results<T extends readonly (() => Promise<unknown>)[]> = { -readonly [K in keyof T]: Awaited<ReturnType<T[K]>> };

/**
 * Runs jobs side by side in one cancellation scope. The first failure cancels the others at the vendor; only when all have truly
 * ended is it thrown. A bare `Promise.all` would let the workflow close while a job still runs.
 */
export async function all<const T extends readonly (() => Promise<unknown>)[]>(jobs: T): Promise<Results<T>> {
  return CancellationScope.cancellable(async () => {
    const scope = CancellationScope.current();
    const failures: unknown[] = [];
    const run = async (job: () => Promise<unknown>): Promise<unknown> => {
      try {
        return await job();
      } catch (error) {
        failures.push(error);
        scope.cancel();
        return undefined;
      }
    };
    const results = await Promise.all(jobs.map(run));
    if (failures.length > 0) throw failures[0];
    return results as Results<T>;
  });
}
