import type { Context } from '@temporalio/activity';

/** Ids of the namespaces that this worker serves: a namespace's name alone may stand for several, on clusters that share a vendor's key. */
export interface NamespaceIds {
  /** @returns undefined when Temporal does not tell (in time): nothing that depends on it may be needed to go on. */
  of(context: Context): Promise<string | undefined>;
}

const PATIENCE_MS = 2_000;

/** Asks Temporal once a namespace; again only after it did not answer. */
export function createNamespaceIds(): NamespaceIds {
  const known = new Map<string, Promise<string | undefined>>();
  return {
    async of(context) {
      const { namespace } = context.info;
      const asked = known.get(namespace) ?? ask(context, namespace);
      known.set(namespace, asked);
      const id = await asked;
      if (id === undefined) known.delete(namespace);
      return id;
    },
  };
}

async function ask(context: Context, namespace: string): Promise<string | undefined> {
  try {
    const { client } = context;
    const describe = () => client.workflowService.describeNamespace({ namespace });
    const { namespaceInfo } = await client.withDeadline(Date.now() + PATIENCE_MS, describe);
    return namespaceInfo?.id || undefined;
  } catch {
    // No client (a test's environment), no right to ask, or no answer.
    return undefined;
  }
}
