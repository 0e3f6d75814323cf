export const MIB = 1024 * 1024;
export const JSON_TYPE = 'application/json';
export const SMALL = Buffer.from('{"a":1}');
/** Three parts. */
export const LARGE = Buffer.alloc(11 * MIB, 'large ');

/** @param breaks at its end, as a vendor's reply that breaks off. */
export async function* stream(bytes: Uint8Array, breaks = false): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += 100_000) yield bytes.subarray(at, at + 100_000);
  if (breaks) throw new Error('the vendor hung up');
}
