import { JsonBrokenError, JsonScanner, outlineJson, type WantedStrings } from '../json-stream/index.js';
import type { AssetKind, AssetSummary, JobRef } from '../jobs/types.js';
import type { InterpretedResult, Provider } from '../providers/provider.js';
import { VendorError } from '../providers/vendor-error.js';

/** A file that a body names. */
export interface NamedAsset {
  kind: AssetKind;
  field: string;
  /** A secret. */
  url: string;
}

/** What a body says, found while its bytes pass by. */
export interface BodyReader {
  /** @throws VendorError `invalid_reply` for what is no JSON. */
  push(piece: Uint8Array): void;
  /** The last byte has come. @throws VendorError `invalid_reply` for a body that is cut off or can't be understood. */
  end(): void;
  /** Null before `end`. */
  readonly read: ReadBody | null;
}

export interface ReadBody {
  interpreted: InterpretedResult;
  /** Each once, in the order of the body. */
  assets: NamedAsset[];
}

/** More files than any document has; the others are left alone. */
const MAX_ASSETS = 10_000;

/** A parse is never held: only its outline counts. Other results are checked against schemas, which takes them whole. */
export function readBody(provider: Provider, job: JobRef): BodyReader {
  const { assets, strings } = assetsOf(provider, job);
  const value = job.operation === 'parse' ? outlineJson(strings) : wholeJson(strings);
  let read: ReadBody | null = null;
  return {
    push: (piece) => inWords(() => value.push(piece)),
    end() {
      const body = inWords(() => value.end());
      read = { interpreted: interpret(provider, job, body), assets: [...assets.values()] };
    },
    get read() {
      return read;
    },
  };
}

function interpret(provider: Provider, { operation, jobId }: JobRef, body: unknown): InterpretedResult {
  const interpreted = provider.interpret(operation, jobId, body);
  if (operation === 'parse' && interpreted.reference === undefined) throw invalid('reference', NO_REFERENCE);
  return interpreted;
}

function assetsOf(
  provider: Provider,
  { operation }: JobRef,
): { assets: Map<string, NamedAsset>; strings: WantedStrings } {
  const fields = (provider.openAsset && provider.assetFields?.[operation]) ?? {};
  const assets = new Map<string, NamedAsset>();
  const found = (field: string, url: string): void => {
    const kind = fields[field];
    if (kind !== undefined && assets.size < MAX_ASSETS && !assets.has(url)) assets.set(url, { kind, field, url });
  };
  return { assets, strings: { keys: new Set(Object.keys(fields)), found } };
}

/** A body that is in memory anyway. @throws VendorError `invalid_reply` */
export function readValue(provider: Provider, job: JobRef, value: unknown, bytes: Uint8Array): ReadBody {
  const { assets, strings } = assetsOf(provider, job);
  const interpreted = interpret(provider, job, value);
  const scanner = new JsonScanner({ choose: () => 'skip', strings });
  if (strings.keys.size > 0) scanner.push(bytes);
  return { interpreted, assets: [...assets.values()] };
}

/** Lets bytes pass by a reader. Its verdict comes before their end does, so that what can't be understood is never whole. */
export async function* passingBy(bytes: AsyncIterable<Uint8Array>, reader: BodyReader): AsyncGenerator<Uint8Array> {
  for await (const piece of bytes) {
    reader.push(piece);
    yield piece;
  }
  reader.end();
}

/** The summary that a reference carries; undefined when there are no files. */
export function summaryOf(assets: readonly NamedAsset[]): AssetSummary | undefined {
  if (assets.length === 0) return undefined;
  const found: AssetSummary['found'] = {};
  for (const { kind } of assets) found[kind] = (found[kind] ?? 0) + 1;
  return { found };
}

function wholeJson(strings: WantedStrings) {
  const scanner = strings.keys.size === 0 ? null : new JsonScanner({ choose: () => 'skip', strings });
  const pieces: Uint8Array[] = [];
  return {
    push(piece: Uint8Array) {
      scanner?.push(piece);
      pieces.push(Uint8Array.from(piece));
    },
    end(): unknown {
      scanner?.end();
      return JSON.parse(Buffer.concat(pieces).toString('utf8')) as unknown;
    },
  };
}

const NO_REFERENCE = 'no durable reference in it';

function inWords<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    // Their words hold none of the text.
    if (error instanceof JsonBrokenError) throw invalid('', error.message);
    if (error instanceof SyntaxError) throw invalid('', 'no JSON');
    throw error;
  }
}

const invalid = (field: string, reason: string): VendorError =>
  new VendorError({ kind: 'invalid_reply', endpoint: 'finished result', field, reason, sent: true });
