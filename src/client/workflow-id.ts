import type { ProcessDocumentInput } from '../jobs/process-document.js';
import { DEFAULT_PROVIDER } from '../providers/types.js';
import { canonicalJson, sha256Of } from './canonical-json.js';

/**
 * The default workflow id: a hash of what would be paid for. The same content asked the same questions for the same account gives
 * the same id, so that a document started twice is one workflow and is paid once.
 *
 * Deadlines, polling and the place of the file are left out: they change neither the work nor its price.
 *
 * @param contentHash names the content: a hash of a local file's bytes, or the URL or vendor reference itself.
 */
export function documentWorkflowId(contentHash: string, input: ProcessDocumentInput): string {
  return documentWorkflowIds(input)(contentHash);
}

/** {@link documentWorkflowId} for many documents that are asked the same: what they are asked is written down once. */
export function documentWorkflowIds(input: Omit<ProcessDocumentInput, 'source'>): (contentHash: string) => string {
  const provider = input.provider ?? DEFAULT_PROVIDER;
  const { schema, sections, extractPerSection, pages, options, copyAssets } = input;
  const kept = copyAssets === true ? { copyAssets } : {};
  const asked = { schema, sections, extractPerSection, pages, options, ...kept };
  // Canonical JSON of { account, contentHash, …asked, provider }: the keys are in their order.
  const before = `{"account":${JSON.stringify(input.account ?? provider)},"contentHash":`;
  const after = `,${canonicalJson({ ...asked, provider }).slice(1)}`;
  return (contentHash) => `document-${sha256Of(before + JSON.stringify(contentHash) + after).slice(0, 32)}`;
}
