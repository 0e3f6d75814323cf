import type { JsonObject } from '../../jobs/json.js';
import { configText } from './list-config.js';
import { compareConfig } from './same-config.js';
import type { ListedJob } from './schemas.js';

/** The jobs whose acceptance this process was told of. They show what the account's list makes of a submit, and which jobs are another's. */
export interface AcceptedJobs {
  /** @param body as it was sent, without the password. */
  add(jobId: string, marker: string, body: JsonObject): void;
  /** Whether the job is known to belong to a submit with none of the markers. */
  isOther(jobId: string, markers: readonly string[]): boolean;
  /** Whether some listed job is shown with the very configuration that was sent. */
  areShownAsSent(listed: readonly ListedJob[]): boolean;
}

const KEPT = 10_000;
/** Bodies may be large, and one is enough to learn from. */
const KEPT_BODIES = 20;

export function createAcceptedJobs(): AcceptedJobs {
  const markers = new Map<string, string>();
  const bodies = new Map<string, JsonObject>();
  const keep = <T>(map: Map<string, T>, most: number, jobId: string, value: T): void => {
    map.set(jobId, value);
    const [oldest] = map.keys();
    if (map.size > most && oldest !== undefined) map.delete(oldest);
  };
  return {
    add(jobId, marker, body) {
      keep(markers, KEPT, jobId, marker);
      keep(bodies, KEPT_BODIES, jobId, body);
    },
    isOther(jobId, wanted) {
      const marker = markers.get(jobId);
      return marker !== undefined && !wanted.includes(marker);
    },
    areShownAsSent: (listed) =>
      listed.some((job) => {
        const body = bodies.get(job.job_id);
        return body !== undefined && compareConfig(configText(job), body) === 'same';
      }),
  };
}
