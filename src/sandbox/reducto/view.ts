import type { SandboxDocument } from '../document/index.js';

/** What an operation works on: a document, or the part of it that an earlier parse read. */
export interface View {
  document: SandboxDocument;
  /** Numbers of the pages worked on, 1-based within the source, ascending. */
  pages: number[];
  /** Pages of the source. */
  totalPages: number;
  /** The file's own bytes; null when the view was put together from several. */
  bytes: Uint8Array | null;
  /** Plain text is billed at half the price. */
  plainText: boolean;
  /** The document is parsed for this job, and that is billed too; false behind `jobid://`. */
  parsedHere: boolean;
}

/** Several documents as one, their pages numbered on. */
export function mergeViews(views: readonly [View, ...View[]]): View {
  if (views.length === 1) return views[0];
  const pages = views.flatMap(({ document, pages: wanted }) =>
    document.pages.filter(({ number }) => wanted.includes(number)),
  );
  return {
    document: { pages: pages.map((page, index) => ({ ...page, number: index + 1 })) },
    pages: pages.map((_, index) => index + 1),
    totalPages: views.reduce((sum, { totalPages }) => sum + totalPages, 0),
    bytes: null,
    plainText: views.every(({ plainText }) => plainText),
    parsedHere: views.some(({ parsedHere }) => parsedHere),
  };
}

/** The vendor numbers pages twice: within those worked on, and within the source. */
export function pageNumbers(view: View, original: number): { page: number; original_page: number } {
  return { page: view.pages.indexOf(original) + 1, original_page: original };
}
