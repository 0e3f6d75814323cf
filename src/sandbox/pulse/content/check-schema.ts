import type { JsonObject } from '../../../jobs/json.js';
import { coded } from '../api-error.js';

/** @throws ApiError unless the schema is of an object */
export function checkSchema({ type }: JsonObject): void {
  if (type === undefined || type === 'object') return;
  throw coded('REQ_003', 'The schema must have "type": "object" at its top level');
}
