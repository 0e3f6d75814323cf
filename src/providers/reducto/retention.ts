import type { OperationRequest } from '../../jobs/activities.js';
import { isJsonObject, type JsonValue } from '../../jobs/json.js';
import type { ResolvedReductoOptions } from './options.js';
import { isParsedReference } from './requests.js';

/** How long the vendor keeps a request's result, ms: for ever where the account is opted in to that and the request asks for it. */
export function retentionOf(
  { operation, options = {}, input }: OperationRequest,
  { persistsResults, retentionMs }: Pick<ResolvedReductoOptions, 'persistsResults' | 'retentionMs'>,
): number {
  // The vendor ignores `parsing` on a parsed document.
  const parsing = isParsedReference(input) ? undefined : options.parsing;
  const settings = operation === 'parse' ? options.settings : groupOf(parsing).settings;
  return persistsResults && groupOf(settings).persist_results === true ? Infinity : retentionMs;
}

const groupOf = (value: JsonValue | undefined) => (isJsonObject(value) ? value : {});
