import { coded, uncoded } from './api-error.js';

/**
 * Checks that exactly one of an inline configuration and the id of a saved one was given. There are no saved ones here.
 * @throws ApiError REQ_004 for both or neither, 404 for an id
 */
export function inlineConfig<T>(name: string, inline: T | null | undefined, id: string | null | undefined): T {
  if ((inline == null) === (id == null)) throw coded('REQ_004', `Exactly one of ${name} and ${name}_id is required`);
  if (inline == null) throw uncoded(404, `${name}_id not found`);
  return inline;
}
