import type { Operation } from '../../../src/jobs/types.js';
import type { WantedJob } from '../../../src/providers/provider.js';

/** The first submit of a life of a workflow, as `findJob` is asked for its job. */
export function wanted(operation: Operation, since: string, over: Partial<WantedJob> = {}): WantedJob {
  const request = { operation, input: 'https://h/a' };
  return { markers: ['m1'], request, since, earlierLife: false, notThese: [], ...over };
}
