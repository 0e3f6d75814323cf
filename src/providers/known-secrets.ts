/** A shorter one may be an ordinary word, which would then be missing everywhere. */
const LEAST_LENGTH = 8;
const MOST = 500;

/** In the order in which they were last used. */
const used = new Set<string>();
let longestFirst: readonly string[] = [];

/**
 * Keeps in mind what this process has sent as a key or password, so that nobody's words repeat it: a vendor may do so in the reply to a later
 * call, or in one that is no error.
 */
export function rememberSecrets(secrets: readonly string[]): void {
  for (const secret of secrets) {
    if (secret.length < LEAST_LENGTH) continue;
    const isNew = !used.delete(secret);
    used.add(secret);
    if (!isNew) continue;
    const [oldest] = used;
    if (used.size > MOST && oldest !== undefined) used.delete(oldest);
    // What is left of one must not show another.
    longestFirst = [...used].sort((a, b) => b.length - a.length);
  }
}

export const knownSecrets = (): readonly string[] => longestFirst;
