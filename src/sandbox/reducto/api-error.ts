import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { z } from 'zod';
import type { JsonObject, JsonValue } from '../../jobs/json.js';
import type { JobError } from '../job-life.js';

/** Thrown by handlers: an answer that is no success. `failure` is what a job that fails of the same shows. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  constructor(
    readonly failure: JobError,
    readonly body: JsonValue,
  ) {
    super(failure.message);
  }

  get status(): ContentfulStatusCode {
    return this.failure.code as ContentfulStatusCode;
  }
}

/** The structured form of an error. */
export function apiError(code: number, name: string, message: string, jobId: string | null = null): ApiError {
  return fromFailure({ code, name, message }, jobId);
}

export function fromFailure(failure: JobError, jobId: string | null): ApiError {
  return new ApiError(failure, { error: errorDetail(failure, jobId), detail: failure.message });
}

/** `error` of a failed job, and of the structured form. */
export function errorDetail({ code, name, message }: JobError, jobId: string | null): JsonObject {
  return { code, name, message, job_id: jobId };
}

export interface ValidationDetail {
  loc: (string | number)[];
  msg: string;
  type: string;
}

/** 422 in the validation form. */
export function validationError(details: ValidationDetail[]): ApiError {
  const message = details.map(({ loc, msg }) => `${loc.join('.')}: ${msg}`).join('; ');
  return new ApiError(
    { code: 422, name: 'INVALID_CONFIG', message },
    {
      detail: details.map((detail) => ({ ...detail })),
    },
  );
}

/** @param scopes names of the config classes that the body is tried against: the vendor reports each field once for each */
export function validationDetails(
  error: z.ZodError,
  body: unknown,
  at: 'body' | 'query',
  scopes: readonly string[] = [],
): ValidationDetail[] {
  const places: (string | null)[] = scopes.length === 0 ? [null] : [...scopes];
  return places.flatMap((scope) =>
    error.issues.map((issue) => {
      const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)));
      const missing = valueAt(body, path) === undefined;
      return {
        loc: [at, ...(scope === null ? [] : [scope]), ...path],
        msg: missing ? 'Field required' : issue.message,
        type: missing ? 'missing' : issue.code === 'invalid_value' ? 'literal_error' : 'value_error',
      };
    }),
  );
}

function valueAt(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (inner, part) =>
      typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>)[part] : undefined,
    value,
  );
}
