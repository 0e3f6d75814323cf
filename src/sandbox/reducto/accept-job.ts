import { isJsonObject, type JsonObject, type JsonValue } from '../../jobs/json.js';
import type { Prepared, SandboxJob } from '../jobs.js';
import { once } from '../once.js';
import { fromFailure, validationDetails, validationError } from './api-error.js';
import type { AnyOperation } from './operation.js';
import { failureOf, resolveInput } from './resolve-input.js';
import type { Vendor } from './vendor.js';

/**
 * Checks a submit and accepts its job. The document is read in the background.
 * @param atOnce tell of a document that can't be read here, instead of in the job
 * @throws ApiError when the submit is refused; then there is no job
 */
export async function acceptJob(
  { core, switches, references, contents }: Vendor,
  operation: AnyOperation,
  body: unknown,
  atOnce: boolean,
): Promise<SandboxJob> {
  const checked = operation.check(body);
  if ('error' in checked) throw validationError(validationDetails(checked.error, body, 'body', operation.scopes));
  const plan = checked.plan();
  const view = once(resolveInput(core, references, plan.input, await core.clock.now()));
  const prepare = async (): Promise<Prepared> => {
    try {
      const read = await view();
      return { pages: read.pages.length, totalPages: read.totalPages, credits: plan.credits(read), failure: null };
    } catch (error) {
      return { pages: 0, totalPages: 0, credits: 0, failure: failureOf(error) };
    }
  };
  if (atOnce) {
    const { failure } = await prepare();
    if (failure) throw fromFailure(failure, null);
  }
  const config = body as JsonObject;
  const job = await core.jobs.accept({
    provider: 'reducto',
    operation: operation.operation,
    config,
    metadata: metadataOf(config),
    retentionMs: plan.persist ? null : switches.retentionMs,
    prepare,
  });
  contents.set(job.id, { type: operation.type, plan, view, computed: null });
  if (operation.operation === 'parse') references.remember(job.id, view);
  return job;
}

/** The newer form keeps it in `async`, the older one and edit in `webhook`. */
function metadataOf({ async: block, webhook }: JsonObject): JsonValue {
  for (const place of [block, webhook]) {
    if (isJsonObject(place) && place.metadata !== undefined) return place.metadata;
  }
  return null;
}
