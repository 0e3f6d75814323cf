/** 32 bytes each, by an id that is stored in the open beside what the key encrypted. */
export interface KeyRing {
  /** Id of the key that new payloads are encrypted with. */
  current: string;
  /** The current key, and every older one that some history still needs. */
  keys: Readonly<Record<string, Uint8Array>>;
}

/** The ring itself, or who gives it: a KMS or a secret manager. */
export type KeyRingSource = KeyRing | (() => KeyRing | Promise<KeyRing>);

export interface Key {
  id: string;
  bytes: Uint8Array;
}

export interface Keys {
  current(): Promise<Key>;
  /** @throws Error that names the key and those that there are. */
  find(id: string): Promise<Key>;
}

/** How long a ring is used before it is asked for again: after a rotation, so long may the old key still be used. */
const MAX_AGE_MS = 5 * 60_000;
/** A payload with a key that does not exist must not make every look a call to the KMS. */
const MIN_AGE_MS = 10_000;
const KEY_BYTES = 32;

/**
 * The keys of a ring. A function is asked when its last answer is old, and sooner for a key that is not there: another process may be the
 * first to know of a rotation.
 */
export function keysOf(source: KeyRingSource, now: () => number = Date.now): Keys {
  let last: { ring: Promise<KeyRing>; at: number } | undefined;
  const ringNotOlderThan = (maxAgeMs: number): Promise<KeyRing> => {
    if (last !== undefined && (typeof source !== 'function' || now() - last.at < maxAgeMs)) return last.ring;
    const asked = { ring: read(source), at: now() };
    last = asked;
    // A KMS that fails is asked again the next time.
    asked.ring.catch(() => last === asked && (last = undefined));
    return asked.ring;
  };
  return {
    async current() {
      const { current, keys } = await ringNotOlderThan(MAX_AGE_MS);
      return { id: current, bytes: keys[current] as Uint8Array };
    },
    async find(id) {
      for (const maxAgeMs of [MAX_AGE_MS, MIN_AGE_MS]) {
        const { keys } = await ringNotOlderThan(maxAgeMs);
        const bytes = Object.hasOwn(keys, id) ? keys[id] : undefined;
        if (bytes !== undefined) return { id, bytes };
      }
      const { keys } = await ringNotOlderThan(MAX_AGE_MS);
      const known = Object.keys(keys).join(', ');
      throw new Error(
        `A payload was encrypted with the key "${id}", and the key ring has only: ${known}. Put it back.`,
      );
    },
  };
}

async function read(source: KeyRingSource): Promise<KeyRing> {
  const ring = typeof source === 'function' ? await source() : source;
  for (const [id, bytes] of Object.entries(ring.keys)) {
    if (bytes.byteLength !== KEY_BYTES) {
      throw new Error(`Key "${id}": expected ${KEY_BYTES} bytes for AES-256, got ${bytes.byteLength}`);
    }
  }
  if (!Object.hasOwn(ring.keys, ring.current)) throw new Error(`The key ring lacks its current key "${ring.current}"`);
  return ring;
}
