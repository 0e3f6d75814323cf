import { documentWorkflowId } from '../client/workflow-id.js';
import type { ProcessDocumentInput } from '../jobs/process-document.js';
import type { SourcePolicy } from '../providers/source-url.js';
import { createProvider, sandboxAccount } from './accounts.js';
import { type CheckedSource, checkSource } from './check-source.js';
import type { DocumentTask } from './process-documents.js';
import { readOptionsFile, readSchemaFile, readSectionsFile } from './read-json-file.js';
import { uniqueNames } from './write-results.js';

/** The flags that say what is asked of each document. */
export interface RequestFlags {
  account?: string;
  schema?: string;
  split?: string;
  options?: string;
  deadline?: number;
  copyAssets?: true;
  workflowId?: string;
  force?: true;
  sandbox?: true;
}

/** What is asked of each document: the workflow's input without its source. */
export type DocumentRequest = Omit<ProcessDocumentInput, 'source'> & { provider: string; account: string };

/** @throws usage error for a file that does not hold what its flag promises. */
export async function readRequest(provider: string, flags: RequestFlags): Promise<DocumentRequest> {
  const account = flags.sandbox ? sandboxAccount(provider) : (flags.account ?? provider);
  return {
    provider,
    account,
    ...(flags.schema === undefined ? {} : { schema: await readSchemaFile(flags.schema) }),
    ...(flags.split === undefined ? {} : { sections: await readSectionsFile(flags.split) }),
    ...(flags.options === undefined ? {} : { options: await readOptionsFile(flags.options) }),
    ...(flags.copyAssets === undefined ? {} : { copyAssets: true }),
    ...(flags.deadline === undefined ? {} : { deadline: flags.deadline }),
  };
}

/** @throws usage error for the first SOURCE that is not fit to be sent. */
export async function checkSources(
  texts: readonly string[],
  provider: string,
  policy: SourcePolicy,
): Promise<CheckedSource[]> {
  // Nothing is sent: a provider is the one who knows its own references.
  const reader = createProvider(provider, { apiKey: 'none' });
  try {
    const sources: CheckedSource[] = [];
    for (const text of texts) sources.push(await checkSource(text, reader, policy));
    return sources;
  } finally {
    await reader.close();
  }
}

export function toTasks(
  sources: readonly CheckedSource[],
  request: DocumentRequest,
  flags: RequestFlags,
): DocumentTask[] {
  const names = uniqueNames(sources.map(({ name }) => name));
  return sources.map(({ source, label, contentHash }, index) => {
    const input = { ...request, source };
    const fresh = flags.force ? `-${Date.now().toString(36)}` : '';
    const workflowId = flags.workflowId ?? `${documentWorkflowId(contentHash, input)}${fresh}`;
    return { workflowId, label, sandbox: flags.sandbox === true, name: names[index] ?? label, input };
  });
}
