/**
 * What went wrong between us and a vendor:
 * - `unreachable`: no reply (refused, reset, timed out); `sent` says whether the request may have arrived
 * - `rate_limited`: 429, certainly not accepted
 * - `server`: 408, 5xx or a body that is no API answer (HTML); for a submit: may have been accepted
 * - `auth`: 401, 403: the key is refused
 * - `rejected`: any other 4xx: refused for good
 * - `reference_expired`: the vendor no longer knows the reference that a submit wanted to reuse
 * - `consumed`: a body that is served once was read before, or its time is over
 * - `invalid_reply`: a 2xx whose body is not what the endpoint promises; for a submit: may have been accepted
 * - `ambiguous`: more than one job carries the same marker
 */
export type VendorErrorKind =
  | 'unreachable'
  | 'rate_limited'
  | 'server'
  | 'auth'
  | 'rejected'
  | 'reference_expired'
  | 'consumed'
  | 'invalid_reply'
  | 'ambiguous';

export interface VendorErrorFacts {
  kind: VendorErrorKind;
  /** `POST /parse_async`: method and path, never a query. */
  endpoint: string;
  httpStatus?: number;
  /** The vendor's own code. */
  code?: string;
  /** Shortened, redacted; the vendor's words where it gave some. */
  reason: string;
  /** The request's bytes may have reached the vendor. */
  sent: boolean;
  /** Of a submit: its job, if there is one, carries no marker and can't be found by it. */
  unmarked?: true;
  /** From Retry-After, ms. */
  retryAfterMs?: number;
  /** `invalid_reply`: the field that did not fit. */
  field?: string;
}

/** The one error that providers throw. Switch on `kind`. */
export class VendorError extends Error {
  override readonly name = 'VendorError';
  readonly facts: VendorErrorFacts;

  constructor(facts: VendorErrorFacts) {
    super(`${facts.endpoint}: ${facts.reason}`);
    this.facts = facts;
  }

  get kind(): VendorErrorKind {
    return this.facts.kind;
  }
}
