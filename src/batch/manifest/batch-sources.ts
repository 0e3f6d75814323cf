import type { BatchManifest, BatchRowInput } from '../../jobs/batch.js';
import type { JsonObject } from '../../jobs/json.js';
import type { ManifestEntry } from './manifest-entry.js';
import { ManifestError } from './manifest-error.js';

/**
 * Lists documents from wherever they are known: a database, a bucket, an API. It is asked anew by each attempt of the planning, and should give the same
 * documents in the same order then. What it throws is retried a few times, an `ApplicationFailure` as that says; no message of it is shown but of that.
 * @param args from the batch's input.
 * @param signal aborted when the listing is given up.
 */
export type BatchSource = (args: JsonObject, call: { signal: AbortSignal }) => AsyncIterable<BatchRowInput>;

/** Sources by the names under which batches ask for them; `s3` is what a listing of a bucket asks. */
export type BatchSources = Readonly<Record<string, BatchSource>>;

/** What a registered source lists. @throws {ManifestError} when the worker has no such source. */
export async function* sourceEntries(
  manifest: Extract<BatchManifest, { kind: 's3' | 'source' }>,
  sources: BatchSources,
  signal: AbortSignal,
): AsyncGenerator<ManifestEntry> {
  const name = manifest.kind === 's3' ? 's3' : manifest.name;
  const source = Object.hasOwn(sources, name) ? sources[name] : undefined;
  if (source === undefined) {
    const known = Object.keys(sources).join(', ') || 'none';
    const field = manifest.kind === 's3' ? 'manifest.kind' : 'manifest.name';
    const words = `the worker has no batch source ${JSON.stringify(name)}; it has: ${known}`;
    throw new ManifestError(field, `${words} (createDocumentActivities({ batchSources }))`);
  }
  let line = 0;
  const args = argsOf(manifest);
  try {
    for await (const row of source(args, { signal })) yield { line: ++line, row };
  } catch (error) {
    if (signal.aborted || error instanceof ManifestError) throw error;
    if (error instanceof Error && error.name === 'ApplicationFailure') throw error;
    // Its message may hold a key or a signed URL.
    const kind = error instanceof Error ? error.name : 'an error';
    throw new ManifestError('manifest', `the batch source ${JSON.stringify(name)} threw ${kind}`, { mayPass: true });
  }
}

function argsOf(manifest: Extract<BatchManifest, { kind: 's3' | 'source' }>): JsonObject {
  if (manifest.kind === 'source') return manifest.args ?? {};
  const { bucket, prefix } = manifest;
  if (typeof bucket !== 'string' || bucket === '') throw new ManifestError('manifest.bucket', 'expected a bucket');
  return { bucket, ...(prefix === undefined ? {} : { prefix }) };
}
