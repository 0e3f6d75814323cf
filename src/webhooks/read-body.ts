/** A request's body, or why there is none. */
export type ReadBody = { text: string } | { refused: 'too-large' | 'too-slow' | 'body-broken' | 'not-utf8' };

/** Strict and with a byte order mark kept, so that no two bodies are one text: signatures are over bytes. */
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads a body up to a size and in a time.
 * @param maxBytes of the body as it comes.
 */
export async function readBody(request: Request, maxBytes: number, limitMs: number): Promise<ReadBody> {
  if (Number(request.headers.get('content-length')) > maxBytes) return { refused: 'too-large' };
  if (request.body === null) return { text: '' };
  const reader = request.body.getReader() as ReadableStreamDefaultReader<Uint8Array>;
  let isLate = false;
  const giveUp = (): void => void reader.cancel().catch(() => undefined);
  const timer = setTimeout(() => {
    isLate = true;
    giveUp();
  }, limitMs);
  try {
    const chunks: Uint8Array[] = [];
    let size = 0;
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      size += next.value.byteLength;
      if (size > maxBytes) {
        giveUp();
        return { refused: 'too-large' };
      }
      chunks.push(next.value);
    }
    return isLate ? { refused: 'too-slow' } : decoded(chunks, size);
  } catch {
    return { refused: isLate ? 'too-slow' : 'body-broken' };
  } finally {
    clearTimeout(timer);
  }
}

function decoded(chunks: readonly Uint8Array[], size: number): ReadBody {
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  try {
    return { text: UTF8.decode(bytes) };
  } catch {
    return { refused: 'not-utf8' };
  }
}
