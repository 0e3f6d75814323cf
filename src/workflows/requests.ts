import type { Operation, Pages, SectionSpec } from '../jobs/types.js';
import type { ProviderName, ProviderOptions } from '../providers/types.js';
import type { ParsedDocument } from './documents.js';
import type { JobOptions } from './job-options.js';

/** The vendor's own body fields beside the neutral ones; a field set in both places is an error. */
export interface ParseRequest<P extends ProviderName> extends JobOptions {
  pages?: Pages;
  options?: ProviderOptions<P, 'parse'>;
}
export interface ExtractRequest<P extends ProviderName, S> extends JobOptions {
  /** JSON Schema of an object, or a schema object of zod, arktype, valibot that prints itself as one. */
  schema: S;
  pages?: Pages;
  options?: ProviderOptions<P, 'extract'>;
  /** Names the section that this extract is for, in status and receipt. */
  section?: string;
}
export interface ExtractSectionsRequest<P extends ProviderName, S> extends JobOptions {
  /** Of each section's value; as for extract. */
  schema: S;
  options?: ProviderOptions<P, 'extract'>;
  /** What a failed section does to the others: `keep` them and report (default), or `cancel` them at the vendor and throw. */
  onFailure?: 'keep' | 'cancel';
}
export interface SplitRequest<P extends ProviderName> extends JobOptions {
  sections: SectionSpec[];
  options?: ProviderOptions<P, 'split'>;
}
export interface RunRequest<P extends ProviderName, O extends Operation> extends JobOptions {
  /** URL, vendor reference or parsed document, as the operation takes it; a list where it takes several. */
  input: string | string[] | ParsedDocument;
  options?: ProviderOptions<P, O>;
}
