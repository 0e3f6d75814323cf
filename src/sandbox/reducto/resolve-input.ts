import type { SandboxCore } from '../core.js';
import { DocumentUnreadable } from '../document/index.js';
import type { JobError } from '../job-life.js';
import { type LoadView, mergeViews, viewOf } from '../view.js';
import { apiError, ApiError, validationError } from './api-error.js';
import { pagesIn } from './page-range.js';
import type { ReferenceBook } from './references.js';
import type { Input, PageRange } from './request-fields.js';
import { parseUrl } from '../../jobs/parse-url.js';

export interface InputRequest {
  input: Input;
  /** Which `jobid://` forms the operation takes. */
  chaining: 'none' | 'one' | 'many';
  /** Of a document that is parsed here. */
  pages: PageRange | null;
  /** Of a parsed document. */
  chainedPages: PageRange | null;
  password: string | null;
}

/** HTTP status that the vendor gives to a document it can't read. 442 is no typo. */
const UNREADABLE_STATUS = {
  DOCUMENT_PASSWORD_PROTECTED: 442,
  DOCUMENT_CORRUPT: 415,
  DOCUMENT_UNSUPPORTED: 415,
  DOCUMENT_EMPTY: 400,
} as const;

/**
 * Checks what can be checked without reading the document: that files and parsed documents exist, and the form.
 * @throws ApiError
 */
export function resolveInput(
  core: SandboxCore,
  references: ReferenceBook,
  request: InputRequest,
  now: number,
): LoadView {
  const { input, chaining } = request;
  const list = typeof input === 'string' ? [input] : Array.isArray(input) ? input : [input.file_id];
  const chained = list.filter((item) => item.startsWith('jobid://'));
  if (chained.length > 0 && chaining === 'none') {
    throw apiError(400, 'NOT_APPLICABLE', 'This endpoint takes no jobid:// input.');
  }
  if (chained.length > 0 && Array.isArray(input) && chaining === 'one') {
    throw validationError([{ loc: ['body', 'input'], msg: 'Only one jobid:// is taken here', type: 'value_error' }]);
  }
  const loads = list.map((item) => (item.startsWith('jobid://') ? fromJob(item) : fromFile(item)));

  function fromJob(reference: string): LoadView {
    const load = references.resolve(reference.slice('jobid://'.length), now);
    return async () => {
      const parsed = await load();
      return { ...parsed, pages: pagesIn(request.chainedPages, parsed.pages), parsedHere: false };
    };
  }

  function fromFile(source: string): LoadView {
    const bytesOf = openSource(core, source, now);
    return async () => {
      const bytes = await bytesOf();
      const document = await core.readDocument(bytes, request.password).catch((error: unknown) => {
        if (!(error instanceof DocumentUnreadable)) throw error;
        throw apiError(UNREADABLE_STATUS[error.code], error.code, error.message);
      });
      return viewOf(document, bytes, (all) => pagesIn(request.pages, all));
    };
  }

  return async () => {
    const [first, ...others] = await Promise.all(loads.map((load) => load()));
    return mergeViews([first!, ...others]);
  };
}

function openSource({ files, sources }: SandboxCore, source: string, now: number): () => Promise<Uint8Array> {
  if (source.startsWith('reducto://')) {
    const bytes = files.read(source.slice('reducto://'.length), now);
    if (bytes === null) throw apiError(404, 'NOT_FOUND', 'File not found. It may have expired or was never uploaded.');
    return async () => bytes;
  }
  if (!/^https?:\/\//i.test(source) || parseUrl(source) === null) {
    throw apiError(400, 'INVALID_CONFIG', 'Malformed document_url: expected a URL, reducto:// or jobid://.');
  }
  return async () => {
    const fetched = await sources.fetch(source);
    if ('bytes' in fetched) return fetched.bytes;
    if ('refused' in fetched) {
      throw apiError(403, 'URL_NOT_ALLOWED', `The document could not be downloaded: ${fetched.refused}.`);
    }
    if ('tooLarge' in fetched) throw apiError(413, 'DOCUMENT_TOO_LARGE', 'The document behind the URL is too large.');
    const { status } = fetched;
    if (status === 401 || status === 403)
      throw apiError(403, 'URL_NOT_ALLOWED', `The document URL is forbidden (${status}).`);
    throw apiError(400, 'INVALID_CONFIG', `The document could not be downloaded (${status ?? 'no answer'}).`);
  };
}

/** What a job fails of when its document can't be read. A fault of the sandbox's own shows as the vendor's. */
export function failureOf(error: unknown): JobError {
  if (error instanceof ApiError) return error.failure;
  return { code: 500, name: 'INTERNAL_ERROR', message: 'The sandbox could not read the document.' };
}
