import fc from 'fast-check';

/** Where a text is cut, in thousandths of its length. */
export const cuts = fc.array(fc.integer({ min: 0, max: 1_000 }), { maxLength: 30 });

/** Each piece a copy of its own. */
export function cutBytes(whole: Uint8Array, at: readonly number[]): Buffer[] {
  const edges = at.map((one) => Math.floor((one / 1_001) * whole.length)).sort((a, b) => a - b);
  const bounds = [0, ...edges, whole.length];
  return bounds.slice(1).map((to, index) => Buffer.from(whole.subarray(bounds[index], to)));
}

/** Pieces that are gone once the next one is asked for: what is read later must not have been kept. */
export async function* inPieces(whole: Uint8Array, at: readonly number[]): AsyncGenerator<Uint8Array, void> {
  for (const piece of cutBytes(whole, at)) {
    yield piece;
    piece.fill(0);
  }
}
