/** What decides where a value goes. */
export interface ResultFacts {
  /** `results` of the call. The whole body is in the result store in every case. */
  choice: 'inline' | 'stored' | 'auto';
  /** Of the value with its citations, bytes of UTF-8 JSON. */
  size: number;
  /** The same without citations; `size` where there are none. */
  bareSize: number;
  /** Bytes that may still travel inline. */
  limit: number;
}

/** `bare`: inline without its citations; `too_large`: inline was demanded, and it does not fit. */
export type ResultPlace = 'inline' | 'bare' | 'stored' | 'too_large';

/**
 * Where a value goes. Citations are many times larger than the value, and a workflow hardly ever branches on them: they give way first, unless
 * inline was demanded.
 */
export function placeOf({ choice, size, bareSize, limit }: ResultFacts): ResultPlace {
  if (choice === 'stored') return 'stored';
  if (size <= limit) return 'inline';
  if (choice === 'inline') return 'too_large';
  return bareSize <= limit ? 'bare' : 'stored';
}
