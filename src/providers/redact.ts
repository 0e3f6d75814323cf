import { knownSecrets } from './known-secrets.js';

const MAX_LENGTH = 300;
/** Far more than is shown: a whole page or document that came in place of an error must not be searched through. */
const MAX_SEARCHED = 20_000;

/** Names whose value is nobody's business. Some end a longer name (`document_password`), others stand alone. */
const NAMES = [
  ...[/x-(?:amz|goog)-[\w-]+/, /(?:\b|(?<=%[\da-f]{2}))sig/, /signature/, /token/],
  ...[/api[_-]?key/, /access[_-]?key(?:[_-]?id)?/, /secret/, /credentials?/, /passw(?:or)?d/, /passphrase/, /\bpwd/],
];
/** Between a name and its value, as JSON, JSON within JSON, headers, forms and percent-encoded URLs have it. */
const IS = /(?:\\*["'])?\s*(?:[=:]|%3[ad])\s*/;
const VALUE = /(?:\\+".*?\\+"|"(?:[^"\\]|\\.)*"?|'[^']*'?|[^\s&"',}\\]+)/;

const name = NAMES.map(({ source }) => source).join('|');
const named = new RegExp(`((?:${name})${IS.source})${VALUE.source}`, 'gi');

/** What must never reach a message, log or history, and what stands in its place. Order matters: URLs first. */
const SECRETS: [RegExp, string][] = [
  [/-----BEGIN [^-]{1,40}-----(?:(?!-----END)[\s\S])*(?:-----END [^-]{1,40}-----)?/g, '…'],
  [/(data:[\w/.+-]{0,80};base64,)[\w+/=-]*/gi, '$1…'],
  [/\b([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/?#"'<>]*@/gi, '$1'],
  [/(https?:\/\/[^\s?#"'<>]+)[?#][^\s"'<>]*/gi, '$1?…'],
  [/\b(bearer|basic)\s+\\*["']?[\w.~+/=-]+/gi, '$1 …'],
  [/(\bauthorization["'\\]*\s*[=:]\s*["'\\]*(?:[a-z-]+[ \t]+)?)[^\s"',}\\]+/gi, '$1…'],
  [named, '$1…'],
  [/\beyJ[\w-]{5,}(?:\.[\w-]*){1,4}/g, '…'],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{12,}\b/g, '…'],
  // Also broken into lines: what is left of the last one would still be a piece of the document.
  [/\b[A-Za-z0-9+/_-]{64,}(?:(?:\r?\n|\\r|\\n)+[A-Za-z0-9+/_-]+)*={0,2}/g, '…'],
];

/**
 * Makes a vendor's or the network's words fit for messages: no keys, no signed URLs, no passwords, no blobs, one line, at most
 * 300 characters.
 * @param secrets exact strings to remove as well, such as the key in use; those that this process has sent go in any case
 */
export function redact(text: string, secrets: readonly string[] = []): string {
  let clean = text;
  // Before the text is cut: half a secret would not be found.
  for (const secret of [...secrets, ...knownSecrets()]) if (secret !== '') clean = clean.replaceAll(secret, '…');
  clean = clean.slice(0, MAX_SEARCHED);
  for (const [pattern, mask] of SECRETS) clean = clean.replace(pattern, mask);
  clean = clean.replace(/\s+/g, ' ').trim();
  return clean.length > MAX_LENGTH ? `${clean.slice(0, MAX_LENGTH - 1)}…` : clean;
}
