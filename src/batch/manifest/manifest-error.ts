/** What keeps a manifest from being used as a whole. `message` says it to people, without secrets. */
export class ManifestError extends Error {
  override readonly name = 'ManifestError';
  constructor(
    /** Of the batch's input. */
    readonly field: string,
    message: string,
    readonly facts: {
      line?: number;
      /** It may pass by itself: the file was changed or replaced while it was read. Default false. */
      mayPass?: boolean;
      /** There is none: it may have gone since an earlier attempt, but at the first one it never was. */
      absent?: true;
    } = {},
  ) {
    super(message);
  }
}
