/** An object's bytes: whole, or as they come. */
export type ObjectBody = Uint8Array | AsyncIterable<Uint8Array>;

/** Keeps whole result bodies outside of Temporal. Write-once: the first complete object under a key stays. */
export interface ResultStore {
  /**
   * Stores an object unless the key already has one. Atomic: a reader never sees a partial object.
   * @returns size and hash of what is under the key now (the earlier object's, if there was one).
   * @throws {ResultStoreError} `retryable: false` when trying again can't help (read-only, forbidden).
   */
  put(key: string, body: ObjectBody, contentType: string): Promise<StoredObject>;
  /** @returns null when the key has no object. */
  head(key: string): Promise<StoredObject | null>;
  /** @returns null when the key has no object. */
  get(key: string): Promise<Uint8Array | null>;
  delete(key: string): Promise<void>;
}

export interface StoredObject {
  /** Bytes. */
  size: number;
  /** Lower-case hex. */
  sha256: string;
  contentType: string;
}

export class ResultStoreError extends Error {
  override readonly name = 'ResultStoreError';
  constructor(
    message: string,
    readonly retryable: boolean,
  ) {
    super(message);
  }
}
