import type { SandboxCore } from '../core.js';
import type { ReferenceBook } from './references.js';
import type { SandboxJob } from '../jobs.js';
import type { View } from '../view.js';
import type { Plan } from './operation.js';
import type { ReductoSwitches } from './switches.js';

/** What an accepted job is made of, beside what every sandbox job is. */
export interface JobContent {
  type: string;
  plan: Plan;
  view(): Promise<View>;
  /** The computed content; made at the first read that wants it. */
  computed: ReturnType<Plan['compute']> | null;
}

/** This vendor's part of the sandbox. */
export interface Vendor {
  core: SandboxCore;
  switches: ReductoSwitches;
  references: ReferenceBook;
  contents: Map<SandboxJob['id'], JobContent>;
}
