import { createHash } from 'node:crypto';
import type { ProcessDocumentInput } from '../jobs/process-document.js';
import { DEFAULT_PROVIDER } from '../providers/types.js';

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
  const { schema, sections, extractPerSection, pages, options } = input;
  const asked = { schema, sections, extractPerSection, pages, options };
  const identity = { contentHash, provider, account: input.account ?? provider, ...asked };
  return `document-${createHash('sha256').update(canonicalJson(identity)).digest('hex').slice(0, 32)}`;
}

/** JSON with sorted keys: two files that say the same in another order ask the same. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
