/** A running sandbox's ways in. */
export interface SandboxAccess {
  url: string;
  reducto: { apiKey: string; baseUrl: string };
}

/** The sandbox as environment lines that can be pasted into a shell. */
export function sandboxLines({ url, reducto }: SandboxAccess): string {
  return [
    `# sandbox: a local stand-in, no vendor; control and ledger: ${url}/_sandbox`,
    `export REDUCTO_API_KEY=${reducto.apiKey}`,
    `export REDUCTO_BASE_URL=${reducto.baseUrl}`,
    '',
  ].join('\n');
}
