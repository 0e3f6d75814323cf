import type { JobOwner, JobStatus } from './types.js';

/** What a vendor's webhook tells, in neutral terms. It is a hint and no more: whoever gets it asks the vendor for the truth. */
export interface WebhookEvent {
  provider: string;
  /** Name under which the receiver knows the sender's secrets; the same as the worker's. */
  account: string;
  /** The vendor's id, opaque; 1 to 256 visible ASCII characters. */
  jobId: string;
  /** Absent when the vendor's word is not known. */
  status?: JobStatus;
  /** The workflow that the job was submitted for, where the vendor repeats the note that our submit left. */
  owner?: JobOwner;
  /** The sender's id of the message, the same in every retry; absent where there is none. */
  eventId?: string;
}

/**
 * Argument of the signal `documentJobWebhook`, sent to the job's owner or to its mailbox. Public JSON contract: fields are added, never
 * changed.
 */
export interface WebhookSignal {
  provider: string;
  account: string;
  jobId: string;
  /** The vendor's word for it in neutral terms, not to be believed. */
  status?: JobStatus;
  /**
   * Of the workflow that is meant. Temporal delivers a signal to whatever runs under a workflow id now: one with another first run is not
   * meant. Absent in a mailbox's.
   */
  firstExecutionRunId?: string;
}

/** Input of the `documentJobMailbox` workflow, one for each job whose owner the event does not tell. Public JSON contract, as above. */
export interface MailboxInput {
  provider: string;
  account: string;
  jobId: string;
}

/** Longer than it waits by itself: the server closes those that no worker has the workflow for. */
export const MAILBOX_RUN_TIMEOUT = '26 hours';

/** Id of that workflow: whoever waits for a job finds what came for it, even before it is waited for. */
export const mailboxWorkflowId = ({ provider, account, jobId }: MailboxInput): string =>
  `document-job-mailbox-${provider}-${account}-${jobId}`;
