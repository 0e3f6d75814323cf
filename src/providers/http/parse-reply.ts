import type { z } from 'zod';
import { VendorError } from '../vendor-error.js';

/** Reads a reply's body as JSON. @throws VendorError `invalid_reply` that names the endpoint, never the body. */
export function parseJson(text: string, endpoint: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    const looks = /^\s*</.test(text) ? 'HTML' : text === '' ? 'an empty body' : 'no JSON';
    throw new VendorError({
      kind: 'invalid_reply',
      endpoint,
      reason: `expected JSON, got ${looks}`,
      sent: true,
      field: '',
    });
  }
}

/** Checks a value against a schema. @throws VendorError `invalid_reply` that names endpoint and field. */
export function parseWith<S extends z.ZodType>(schema: S, value: unknown, endpoint: string): z.output<S> {
  const checked = schema.safeParse(value);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  const field = issue === undefined ? '' : issue.path.map(String).join('.');
  const reason = `${field === '' ? 'the body' : `field ${field}`} is not what the endpoint promises: ${issue?.message ?? 'invalid'}`;
  throw new VendorError({ kind: 'invalid_reply', endpoint, reason, sent: true, field });
}
