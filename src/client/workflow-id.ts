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
  const provider = input.provider ?? DEFAULT_PROVIDER;
  const { schema, sections, extractPerSection, pages, options, copyAssets } = input;
  const kept = copyAssets === true ? { copyAssets } : {};
  const asked = { schema, sections, extractPerSection, pages, options, ...kept };
  const identity = { contentHash, provider, account: input.account ?? provider, ...asked };
  return `document-${sha256Of(canonicalJson(identity)).slice(0, 32)}`;
}
