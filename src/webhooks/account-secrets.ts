import { within } from './within.js';

/** One, or several while they are being changed, or a function that gives them (secret managers). */
export type WebhookSecrets =
  string | readonly string[] | (() => string | readonly string[] | Promise<string | readonly string[]>);

/** The user's function threw, took too long, or gave what can't be a secret: another time it may not. */
export class SecretsUnavailableError extends Error {
  override readonly name = 'SecretsUnavailableError';
}

/** A stranger's requests must not become as many questions to a secret manager. */
const KEPT_MS = 60_000;
const PATIENCE_MS = 3_000;
/** Each one costs a signature for each request. */
const MOST = 8;

/**
 * Reads an account's secrets, those of a function anew after a minute.
 * @param parse what each is made into. @throws TypeError that does not repeat it.
 * @param option for messages.
 * @throws TypeError at once for wrong ones that are given as they are; the reader throws SecretsUnavailableError.
 */
export function secretReader<T>(
  secrets: WebhookSecrets,
  parse: (secret: string) => T,
  option: string,
): () => Promise<readonly T[]> {
  if (typeof secrets !== 'function') {
    const parsed = parseAll(secrets, parse, option);
    return () => Promise.resolve(parsed);
  }
  let known: { at: number; parsed: Promise<readonly T[]> } | null = null;
  return async () => {
    const now = performance.now();
    if (known === null || now - known.at >= KEPT_MS) known = { at: now, parsed: ask(secrets, parse, option) };
    const asked = known;
    try {
      // Each request has its own limit: where a runtime ends work with the request that asked, nobody else would hear that it is over.
      return await within(asked.parsed, PATIENCE_MS);
    } catch {
      // What the function threw is not repeated: it may come from a secret manager.
      if (known === asked) known = null;
      throw new SecretsUnavailableError(`${option} gave none`);
    }
  };
}

async function ask<T>(
  secrets: Extract<WebhookSecrets, () => unknown>,
  parse: (secret: string) => T,
  option: string,
): Promise<readonly T[]> {
  return parseAll(await secrets(), parse, option);
}

function parseAll<T>(given: unknown, parse: (secret: string) => T, option: string): readonly T[] {
  const list: readonly unknown[] = Array.isArray(given) ? given : [given];
  if (list.length === 0 || list.length > MOST || list.some((one) => typeof one !== 'string')) {
    throw new TypeError(`${option}: expected a text, or 1 to ${MOST} of them`);
  }
  return (list as readonly string[]).map((one) => {
    try {
      return parse(one);
    } catch (error) {
      throw new TypeError(`${option}: ${error instanceof Error ? error.message : 'wrong'}`);
    }
  });
}
