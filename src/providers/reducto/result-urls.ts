import { isJsonObject, type JsonObject } from '../../jobs/json.js';
import type { Operation } from '../../jobs/types.js';
import { UrlResult } from './schemas.js';

/** Fields of a finished body that may lie behind a signed URL. */
const PLACES = ['result', 'citations'] as const;

type FetchJson = (url: string) => Promise<unknown>;

/** Fetches what a body keeps behind URLs and puts it in its place, so that no signed URL is left to travel. */
export async function resolveUrls(body: unknown, operation: Operation, fetchJson: FetchJson): Promise<unknown> {
  if (!isJsonObject(body)) return body;
  const resolved: Record<string, unknown> = { ...body };
  for (const place of PLACES) {
    const value = UrlResult.safeParse(body[place]);
    if (value.success) resolved[place] = asInline(operation, place, await fetchJson(value.data.url));
  }
  // A pipeline's result holds whole bodies of the operations that it ran.
  if (operation === 'pipeline' && isJsonObject(resolved.result)) {
    resolved.result = await resolvePipeline(resolved.result, fetchJson);
  }
  return resolved;
}

async function resolvePipeline(result: JsonObject, fetchJson: FetchJson): Promise<unknown> {
  const resolved: Record<string, unknown> = { ...result };
  for (const operation of ['parse', 'extract', 'split', 'edit'] as const) {
    const inner = result[operation];
    if (inner === undefined) continue;
    resolved[operation] = Array.isArray(inner)
      ? await Promise.all(inner.map((one) => resolveEntry(one, operation, fetchJson)))
      : await resolveUrls(inner, operation, fetchJson);
  }
  return resolved;
}

/** Several parses are a list of bodies, the extracts of sections a list of entries around bodies. */
async function resolveEntry(entry: unknown, operation: Operation, fetchJson: FetchJson): Promise<unknown> {
  if (!isJsonObject(entry) || !('split_name' in entry)) return resolveUrls(entry, operation, fetchJson);
  return { ...entry, result: await resolveUrls(entry.result, operation, fetchJson) };
}

/** Behind the URL lies the bare value, or a body around it; of a parse the full result, or the list of its chunks. */
function asInline(operation: Operation, place: (typeof PLACES)[number], fetched: unknown): unknown {
  const isBody = isJsonObject(fetched) && typeof fetched.response_type === 'string' && Object.hasOwn(fetched, place);
  const value: unknown = isBody ? fetched[place] : fetched;
  return operation === 'parse' && Array.isArray(value)
    ? { type: 'full', chunks: value, ocr: null, custom: null }
    : value;
}
