import type { JsonObject } from '../../jobs/json.js';
import type { SandboxCore } from '../core.js';
import type { SandboxJob } from '../jobs.js';
import type { Library } from './library.js';
import type { PulseSwitches } from './switches.js';

/** The result of a completed job. */
export interface JobResult {
  body: JsonObject;
  /** `credits_used` and the plan, as they were when the result was made. */
  billing: JsonObject;
  /** It stands behind a URL. */
  large: boolean;
}

/** What an accepted job is made of, beside what every sandbox job is. */
export interface JobContent {
  /** Made at the first call. */
  result(): Promise<JobResult>;
  /** Its URL was used. */
  spent: boolean;
}

/** This vendor's part of the sandbox. */
export interface Vendor {
  core: SandboxCore;
  switches: PulseSwitches;
  library: Library;
  contents: Map<SandboxJob['id'], JobContent>;
  /** What the organisation has used so far, by the results made. */
  usage: { credits: number; pages: number };
}
