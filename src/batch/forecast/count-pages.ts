import { readFile, stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { getDocumentProxy } from 'unpdf';

/** A file is read whole to be counted. */
const MAX_BYTES = 64 * 1024 * 1024;
const ONE_PAGE = new Set(['.png', '.jpg', '.jpeg', '.gif', '.bmp', '.webp']);

/**
 * Counts the pages of a local file.
 * @returns null when they can't be counted here: another format, too large, damaged, encrypted.
 */
export async function countPages(path: string): Promise<number | null> {
  if (ONE_PAGE.has(extname(path).toLowerCase())) return 1;
  try {
    if ((await stat(path)).size > MAX_BYTES) return null;
    const bytes = await readFile(path);
    if (!bytes.subarray(0, 1024).includes('%PDF-')) return null;
    // Node buffers are refused; verbosity 0 keeps warnings about odd files off the console.
    const pdf = await getDocumentProxy(new Uint8Array(bytes), { verbosity: 0 });
    try {
      return pdf.numPages;
    } finally {
      await pdf.cleanup();
      await pdf.destroy();
    }
  } catch {
    return null;
  }
}
