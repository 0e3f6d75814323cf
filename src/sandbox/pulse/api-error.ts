import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { JsonObject, JsonValue } from '../../jobs/json.js';
import type { JobError } from '../job-life.js';
import type { PulseSwitches } from './switches.js';

/** Codes whose meaning is documented. Where none is, errors carry a message only. */
const HTTP_STATUS = {
  AUTH_001: 401,
  AUTH_002: 401,
  REQ_001: 400,
  REQ_002: 400,
  REQ_003: 400,
  REQ_004: 400,
  REQ_005: 400,
  REQ_006: 400,
  FILE_001: 400,
  FILE_002: 413,
  FILE_003: 400,
  FILE_004: 400,
  FILE_005: 400,
  FILE_006: 400,
} as const;
export type PulseErrorCode = keyof typeof HTTP_STATUS;

/** Thrown by handlers: an answer that is no success. `failure` is what a job that fails of the same is given. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  constructor(
    readonly failure: JobError,
    readonly details: JsonValue | undefined,
  ) {
    super(failure.message);
  }

  get status(): ContentfulStatusCode {
    return this.failure.code as ContentfulStatusCode;
  }

  get body(): JsonObject {
    return envelope(this.failure, this.details);
  }
}

/** An error with one of the vendor's codes. */
export function coded(code: PulseErrorCode, message: string, details?: JsonValue): ApiError {
  return new ApiError({ code: HTTP_STATUS[code], name: code, message }, details);
}

/** An error whose code is not documented. */
export function uncoded(status: number, message: string, details?: JsonValue): ApiError {
  return new ApiError({ code: status, name: '', message }, details);
}

/** `error` of an answer. */
export function envelope({ name, message }: JobError, details?: JsonValue): JsonObject {
  return { error: { ...(name !== '' && { code: name }), message, ...(details !== undefined && { details }) } };
}

/** `error` of a failed job: plain text. */
export function errorText({ name, message }: JobError, form: PulseSwitches['jobError']): string {
  return form === 'message' || name === '' ? message : `${name}: ${message}`;
}
