import type { z } from 'zod';
import type { JsonObject } from '../../jobs/json.js';
import type { Operation } from '../../jobs/types.js';
import type { PulseRequest, SentFile } from './read-request.js';
import type { PulseEndpoint, PulseFeature, PulseSwitches } from './switches.js';
import type { Vendor } from './vendor.js';

/** What a result body needs of its job. */
export interface AnswerContext {
  jobId: string;
  /** Seconds that the job took. */
  latency: number;
  switches: PulseSwitches;
}

/** What reading the documents told, and what can then be made of them. */
export interface Work {
  /** Pages worked on. */
  pages: number;
  /** Pages of the source. */
  totalPages: number;
  credits: number;
  /** The result body but for its billing; called once. */
  compute: (context: AnswerContext) => JsonObject;
}

/** What one request asks for, with the body checked. */
export interface Plan {
  /** Rejects with ApiError when a document can't be read. */
  work(): Promise<Work>;
  /** What is wrong with the request shows only in the document, and that is at hand: refuse it at once. */
  refuseAtOnce: boolean;
  /** The result holds the document's text, so that many pages make it large. */
  carriesText: boolean;
  /** Gives the job's extraction or split its id. */
  keep(jobId: string): void;
}

/** An endpoint that makes jobs. */
export interface PulseOperation<Body> {
  operation: Operation;
  endpoint: PulseEndpoint;
  path: string;
  feature: PulseFeature | null;
  takesForms: boolean;
  body: z.ZodType<Body>;
  /** @throws ApiError for what the schema alone can't tell */
  plan: (request: { body: Body; file: SentFile | null; vendor: Vendor; now: number }) => Plan;
}

/** An operation with its body type closed over, so that routes treat all alike. */
export interface AnyOperation extends Omit<PulseOperation<unknown>, 'body' | 'plan'> {
  check(request: PulseRequest): { plan(vendor: Vendor, now: number): Plan } | { error: z.ZodError };
}

export function defineOperation<Body>({ body, plan, ...rest }: PulseOperation<Body>): AnyOperation {
  return {
    ...rest,
    check({ fields, file }) {
      const checked = body.safeParse(fields);
      if (!checked.success) return { error: checked.error };
      return { plan: (vendor, now) => plan({ body: checked.data, file, vendor, now }) };
    },
  };
}
