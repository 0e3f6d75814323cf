import { keyVariable, PROVIDER_NAMES, urlVariable, vendorOfSandbox } from './accounts.js';

/** The sandbox as environment lines that can be pasted into a shell. */
export function sandboxLines(sandbox: { url: string; key: string }): string {
  const vendors = PROVIDER_NAMES.flatMap((name) => {
    const { apiKey, baseUrl } = vendorOfSandbox(name, sandbox);
    return [`export ${keyVariable(name)}=${apiKey}`, `export ${urlVariable(name)}=${baseUrl}`];
  });
  const head = `# sandbox: a local stand-in, no vendor; control and ledger: ${sandbox.url}/_sandbox`;
  return [head, ...vendors, ''].join('\n');
}
