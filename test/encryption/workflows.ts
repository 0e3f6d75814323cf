// The package's workflows, and one as a user would write it.
import { documentJobs, isDocumentFailure, type ProcessDocumentInput } from '../../src/workflows/index.js';
import type { ProviderName } from '../../src/workflows/index.js';

export * from '../../src/workflows/index.js';

/** Does with `documentJobs` what `processDocument` does, and keeps a parse whose extract failed when told to. */
export async function ownWorkflow({ source, schema = {}, sections = [], ...input }: ProcessDocumentInput) {
  const { provider = 'reducto', account = provider, deadline = '1 minute', polling = {}, options = {} } = input;
  const docs = documentJobs({ provider: provider as ProviderName, account, deadline, polling });
  const parsed = await docs.parse(source, { options: options.parse ?? {} });
  try {
    const [fields, parts] = await docs.all([
      () => docs.extract(parsed, { schema, options: options.extract ?? {} }),
      () => docs.split(parsed, { sections, options: options.split ?? {} }),
    ]);
    return { status: 'complete', data: fields.data, parts };
  } catch (error) {
    if (input.onFailure !== 'cancel' && isDocumentFailure(error, 'DocumentJobFailed')) {
      return { status: 'partial', failures: [error.message] };
    }
    throw error;
  }
}
