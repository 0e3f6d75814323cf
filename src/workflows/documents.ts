import type { FailureType } from '../jobs/failures.js';
import type { JsonObject, JsonValue } from '../jobs/json.js';
import type { Pages, ParsedReference, ResultRef, Section, SectionSpec } from '../jobs/types.js';

/** A parsed document with what it was made from. Plain JSON: pass it to children, keep it, return it. */
export interface ParsedDocument extends ParsedReference {
  /** What was parsed, as it was named: URL, vendor reference or `file:` URL; a list where several were parsed as one. */
  source: string | string[];
  /** With what it was parsed, so that it can be parsed again when the vendor has forgotten it. */
  request?: { pages?: Pages; options?: JsonObject };
}

export interface ExtractedDocument<T> {
  jobId: string;
  /** The plain value. Undefined under `results: 'stored'`, and under `'auto'` when it was too large: read `stored` then. */
  data: T;
  /** As the vendor gives them, when asked for in `options`. */
  citations?: JsonValue;
  stored: ResultRef;
}

export interface SplitDocument {
  jobId: string;
  /** Undefined under `results: 'stored'`, and under `'auto'` when there are too many: read `stored` then. */
  sections: Section[];
  /** What one extract for all sections is asked with, where the vendor does that in one job. */
  reference?: string;
  stored: ResultRef;
  /** With what it was split. */
  request?: { sections: SectionSpec[]; options?: JsonObject };
}

/** One section of a split with what was extracted from its pages. */
export interface ExtractedSection<T> extends Section {
  /** Absent when the section has no pages, and when its extract failed. */
  extract?: ExtractedDocument<T>;
  /** Why there is no extract. The other sections have theirs. */
  failure?: { type: FailureType; message: string; jobId?: string };
}

export interface OtherResult {
  jobId: string;
  value?: JsonValue;
  stored: ResultRef;
}
