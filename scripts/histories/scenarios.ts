import { BATCH_SCENARIOS } from './batch-scenarios.js';
import { DOCUMENT_SCENARIOS } from './document-scenarios.js';
import { OTHER_SCENARIOS } from './other-scenarios.js';
import type { Scenario } from './scenario.js';

/** Each is recorded with both vendors. */
export const SCENARIOS: readonly Scenario[] = [...DOCUMENT_SCENARIOS, ...OTHER_SCENARIOS, ...BATCH_SCENARIOS];
