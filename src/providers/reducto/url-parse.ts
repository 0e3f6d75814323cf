import { type Choice, JsonScanner } from '../../json-stream/index.js';
import type { JsonObject } from '../../jobs/json.js';

/** What lies behind a parse's URL: the result itself, the list of its chunks, or a whole body around the result. */
type Shape = 'result' | 'chunks' | 'body';

/** Fields of a body that no result has. */
const AROUND_RESULT: ReadonlySet<string> = new Set(['response_type', 'job_id', 'usage', 'duration', 'result']);
/** The first fields tell; one that is longer than this is no body's. */
const HEAD_BYTES = 64 * 1024;

/**
 * A finished parse whose result lies behind a URL, as one body: `around` as the job told it, with the result in the URL's place, byte by byte as
 * it comes. Nothing is held but the first bytes.
 */
export async function* bodyOfUrlParse(
  around: JsonObject,
  fetched: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void> {
  let shape: Shape | undefined;
  let head = Buffer.alloc(0);
  for await (const piece of fetched) {
    if (shape !== undefined) {
      yield piece;
      continue;
    }
    head = Buffer.concat([head, piece]);
    shape = shapeOf(head) ?? (head.length < HEAD_BYTES ? undefined : 'result');
    if (shape === undefined) continue;
    yield Buffer.from(before(around, shape));
    yield head;
  }
  if (shape === undefined) yield Buffer.concat([Buffer.from(before(around, 'result')), head]);
  yield Buffer.from(after(shape ?? 'result'));
}

function before(around: JsonObject, shape: Shape): string {
  if (shape === 'body') return '';
  const { result: _url, ...rest } = around;
  const open = JSON.stringify(rest).replace(/\}$/, Object.keys(rest).length === 0 ? '"result":' : ',"result":');
  return shape === 'chunks' ? `${open}{"type":"full","chunks":` : open;
}

function after(shape: Shape): string {
  if (shape === 'body') return '';
  return shape === 'chunks' ? ',"ocr":null,"custom":null}}' : '}';
}

/** @returns undefined when that takes more of it to see. */
function shapeOf(head: Buffer): Shape | undefined {
  let shape: Shape | undefined;
  const scanner = new JsonScanner({
    choose(path, opens): Choice {
      if (path.length === 0 && opens === '[') shape = 'chunks';
      if (path.length === 0 && opens !== '{' && opens !== '[') shape = 'result';
      if (path.length === 1) shape ??= AROUND_RESULT.has(String(path[0])) ? 'body' : 'result';
      return path.length === 0 && opens === '{' ? 'enter' : 'skip';
    },
  });
  try {
    scanner.push(head);
  } catch {
    // Broken: whoever reads the whole says so.
    return 'result';
  }
  return shape;
}
