/** An object's bytes: whole, or as they come. */
export type ObjectBody = Uint8Array | AsyncIterable<Uint8Array>;

/** Keeps whole result bodies outside of Temporal. Write-once: the first complete object under a key stays. */
export interface ResultStore {
  /**
   * Stores an object unless the key already has one. Atomic: a reader never sees a partial object. A stream is read to its end or given up
   * (`return()`), also when it is not needed; an error of its own is thrown as it is, and nothing is stored then.
   * @returns size and hash of what is under the key now (the earlier object's, if there was one).
   * @throws {ResultStoreError} `retryable: false` when trying again can't help (read-only, forbidden).
   */
  put(key: string, body: ObjectBody, contentType: string): Promise<StoredObject>;
  /** @returns null when the key has no object. */
  head(key: string): Promise<StoredObject | null>;
  /**
   * Opens an object. It is read to its end or given up (`return()`, as leaving a `for await` does), which lets go of file or connection.
   * @returns null when the key has no object.
   * @throws {ResultStoreError} here, or in the middle of the bytes; fewer bytes than the object has are an error, never an early end.
   */
  get(key: string): Promise<AsyncIterable<Uint8Array> | null>;
  delete(key: string): Promise<void>;
  /**
   * Removes what writers of the key that died have left, where nobody will write it again. Optional, best effort; what is stored stays, and a
   * living writer must survive it.
   */
  tidy?(key: string): Promise<void>;
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
