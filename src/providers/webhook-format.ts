import type { JsonObject } from '../jobs/json.js';
import type { JobOwner, JobStatus } from '../jobs/types.js';

/** What a vendor's webhooks look like. Apart from its `Provider`, because the receiver loads no HTTP client and may run without Node. */
export interface WebhookFormat {
  /** The provider's name. */
  readonly name: string;
  /** True when the vendor also calls URLs that a submit names, without a signature: then a token in the path says who may call. */
  readonly direct: boolean;
  /** @returns null for what is not about a job. */
  read(body: JsonObject): VendorEvent | null;
}

/** What stands in an event's body. Nothing of it is believed. */
export interface VendorEvent {
  /** As it came: the receiver checks it. */
  jobId: unknown;
  /** Absent for a word that is not known. */
  status?: JobStatus;
  owner?: JobOwner;
}
