import { isJsonObject, type JsonObject } from '../../jobs/json.js';

/** What came with a reply that is no success: the API's own JSON, or words about whatever else it was. */
export type ErrorBody = { json: JsonObject } | { words: string };

/** Reads any error body: JSON, HTML, a storage's XML, text, nothing. */
export function readErrorBody(text: string): ErrorBody {
  if (isMarkup(text)) return { words: markupWords(text) };
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return { words: text.trim() === '' ? NO_WORDS : text };
  }
  return isJsonObject(body) ? { json: body } : { words: 'an answer that is no error body' };
}

/** False for a page or an empty body of something between us and the vendor. */
export const isApiError = (text: string): boolean => 'json' in readErrorBody(text);

/** True for a page or a storage's XML, whoever sent it. */
export const isMarkup = (text: string): boolean => /^\s*</.test(text);

/** True for what a storage, such as S3, says when it does not serve. */
export const isStorageError = (text: string): boolean => isMarkup(text) && storageCode(text) !== undefined;

/** The first of the values that says something. */
export function firstText(...values: unknown[]): string {
  const text = values.find((value) => typeof value === 'string' && value.trim() !== '');
  return typeof text === 'string' ? text : NO_WORDS;
}

const NO_WORDS = 'no further words';

/** Of a page its title, of a storage's XML its code: the rest of such an XML quotes the signature. */
function markupWords(text: string): string {
  const code = storageCode(text);
  if (code !== undefined) return `storage says ${code}`;
  const title = /<(?:title|h1)[^>]*>([^<]*)</i.exec(text)?.[1]?.trim();
  return title === undefined || title === '' ? 'an HTML page' : `an HTML page: ${title}`;
}

const storageCode = (text: string): string | undefined => /<Code>\s*(\w+)\s*</.exec(text)?.[1];
