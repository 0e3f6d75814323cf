import type { z } from 'zod';
import type { JsonObject, JsonValue } from '../../jobs/json.js';
import type { Operation } from '../../jobs/types.js';
import type { View } from '../view.js';
import type { InputRequest } from './resolve-input.js';
import type { ReductoSwitches } from './switches.js';

/** What a result body needs of the job and of the moment at which it is read. */
export interface AnswerContext {
  jobId: string;
  /** Seconds. */
  duration: number;
  credits: number;
  switches: ReductoSwitches;
  /** A fresh presigned URL of `bytes`. `name` tells them apart within the job. */
  link(name: string, bytes: Uint8Array, contentType: string): string;
  /** The value, or a URL in its place when it is large or `force` asks for that. */
  inlineOrUrl: (value: JsonValue, force: boolean) => JsonValue;
}

/** What one request asks for, with the body checked. */
export interface Plan {
  input: InputRequest;
  /** Kept after the retention too. */
  persist: boolean;
  credits(view: View): number;
  /** The content is computed once; what it returns makes a result body at each read, with fresh URLs. */
  compute(view: View): (context: AnswerContext) => JsonObject;
}

/** An endpoint that makes jobs: `POST /<path>` and `POST /<path>_async`. */
export interface ReductoOperation<Body> {
  operation: Operation;
  /** The vendor's word for it in job lists. */
  type: string;
  body: z.ZodType<Body>;
  /** The classes that the body is tried against; an error names each. */
  scopes: readonly string[];
  /** `POST /<path>` with an `async` block answers `{ job_id }` too. */
  asyncBlockOnSync: boolean;
  /** @throws ApiError for what the schema alone can't tell */
  plan: (body: Body) => Plan;
}

/** An operation with its body type closed over, so that routes treat all alike. */
export interface AnyOperation extends Omit<ReductoOperation<unknown>, 'body' | 'plan'> {
  check(body: unknown): { plan: () => Plan } | { error: z.ZodError };
}

export function defineOperation<Body>({ body, plan, ...rest }: ReductoOperation<Body>): AnyOperation {
  return {
    ...rest,
    check(raw) {
      const checked = body.safeParse(raw);
      return checked.success ? { plan: () => plan(checked.data) } : { error: checked.error };
    },
  };
}
