/** One place of a manifest: what is listed there, or why that can't be told. */
export type ManifestEntry = {
  /** Where it stands, from 1: the line of a file, else the ordinal. */
  line: number;
} & (
  | {
      /** As it was written: to be checked. */
      row: unknown;
    }
  /** The file is there and is none that a vendor takes: not a row, but counted. */
  | { skipped: true }
  | { problem: string; type?: 'DocumentInputInvalid' | 'DocumentSourceRefused'; id?: string }
);
