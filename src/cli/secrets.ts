const PREFIX = 'DOCUMENT_SECRET_';

/** The environment variable that holds a secret: `DOCUMENT_SECRET_ACME_CONTRACTS` for `acme-contracts`. */
export function secretVariable(name: string): string {
  return PREFIX + name.replace(/[^A-Za-z0-9]/g, '_').toUpperCase();
}

/** The secrets that requests may name (`{ "secret": "name" }`), from the environment of the command's worker; undefined for one that is not there. */
export function environmentSecrets(environment = process.env): (name: string) => string | undefined {
  return (name) => environment[secretVariable(name)] || undefined;
}

/** Documented in every command whose worker may be asked for one. */
export const SECRETS_ENVIRONMENT = `  ${`${PREFIX}<NAME>`.padEnd(36)}  a secret that options name, such as a document's password`;
