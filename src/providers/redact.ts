const MAX_LENGTH = 300;
/** Far more than is shown: a whole page or document that came in place of an error must not be searched through. */
const MAX_SEARCHED = 20_000;

/** What must never reach a message, log or history, and what stands in its place. Order matters: URLs first. */
const SECRETS: [RegExp, string][] = [
  [/(https?:\/\/)[^\s/@"'<>]*@/gi, '$1'],
  [/(https?:\/\/[^\s?#"'<>]+)[?#][^\s"'<>]*/gi, '$1?…'],
  [/\b(bearer|basic)\s+[\w.~+/=-]+/gi, '$1 …'],
  [
    /((?:x-amz-[\w-]+|\bsig|signature|token|api[_-]?key|password|secret)["']?\s*[=:]\s*)(?:"[^"]*"?|'[^']*'?|[^\s&"',}]+)/gi,
    '$1…',
  ],
  [/\b[A-Za-z0-9+/_-]{64,}={0,2}/g, '…'],
];

/**
 * Makes a vendor's or the network's words fit for messages: no keys, no signed URLs, no passwords, no blobs, one line, at most
 * 300 characters.
 * @param secrets exact strings to remove as well, such as the key in use
 */
export function redact(text: string, secrets: readonly string[] = []): string {
  let clean = text;
  // Before the text is cut: half a secret would not be found.
  for (const secret of secrets) if (secret !== '') clean = clean.replaceAll(secret, '…');
  clean = clean.slice(0, MAX_SEARCHED);
  for (const [pattern, mask] of SECRETS) clean = clean.replace(pattern, mask);
  clean = clean.replace(/\s+/g, ' ').trim();
  return clean.length > MAX_LENGTH ? `${clean.slice(0, MAX_LENGTH - 1)}…` : clean;
}
