import type { SandboxDocument } from './document/index.js';

/** What a job works on: a document, or the part of it that an earlier job read. */
export interface View {
  document: SandboxDocument;
  /** Numbers of the pages worked on, 1-based within the source, ascending. */
  pages: number[];
  /** Pages of the source. */
  totalPages: number;
  /** The file's own bytes; null when the view was put together from several. */
  bytes: Uint8Array | null;
  /** Not a PDF; some vendors bill that at half the price. */
  plainText: boolean;
  /** The document is read for this job, and that is billed too; false for one that an earlier job read. */
  parsedHere: boolean;
}

/** Reads the document. Rejects with the vendor's ApiError. */
export type LoadView = () => Promise<View>;

/** A document read for this job. @param pagesIn chooses among the document's pages; its errors pass */
export function viewOf(
  document: SandboxDocument,
  bytes: Uint8Array,
  pagesIn: (available: readonly number[]) => number[],
): View {
  const all = document.pages.map(({ number }) => number);
  return {
    document,
    pages: pagesIn(all),
    totalPages: all.length,
    bytes,
    plainText: !Buffer.from(bytes.subarray(0, 1024)).toString('latin1').includes('%PDF-'),
    parsedHere: true,
  };
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
