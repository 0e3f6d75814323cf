import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SourceRefusedError, type SourceResolver } from './source-resolver.js';

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.tif': 'image/tiff',
  '.tiff': 'image/tiff',
  '.txt': 'text/plain',
  '.csv': 'text/csv',
  '.docx': 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  '.xlsx': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  '.pptx': 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
};

/**
 * Allows local files: paths and `file:` URLs that really lie under one of `roots` (folders, or single files), symbolic links
 * resolved. Regular files that are not empty.
 */
export function allowedRoots(roots: readonly string[]): SourceResolver {
  return async (source) => {
    const given = localPath(source);
    const path = await realpath(given).catch(() => null);
    // Asked first, so that nobody learns from the answer what exists elsewhere on the worker.
    if (!(await isBelow(path ?? (await placeOf(given)), roots))) {
      throw new SourceRefusedError(`${source}: not under a folder from which this worker may upload`);
    }
    const facts = path === null ? null : await stat(path).catch(() => null);
    if (path === null || facts === null)
      throw new SourceRefusedError(`${source}: no such file, or the worker may not read it`);
    if (facts.isDirectory()) throw new SourceRefusedError(`${source}: is a folder, expected a document`);
    if (!facts.isFile()) throw new SourceRefusedError(`${source}: is no regular file`);
    if (facts.size === 0) throw new SourceRefusedError(`${source}: the file is empty`);
    const contentType = CONTENT_TYPES[extname(path).toLowerCase()] ?? 'application/octet-stream';
    // The name as given: a link's own name is what its owner calls the document.
    return { filename: basename(given), contentType, size: facts.size, path };
  };
}

/** @throws {SourceRefusedError} for what is no path and no `file:` URL. */
export function localPath(source: string): string {
  if (/^file:/i.test(source)) {
    try {
      return fileURLToPath(source);
    } catch {
      throw new SourceRefusedError(`${source}: not a valid file: URL`);
    }
  }
  if (/^[a-z][a-z0-9+.-]+:/i.test(source)) {
    throw new SourceRefusedError(
      `${source.replace(/[?#].*$/s, '')}: this worker takes local files, URLs and vendor references only`,
    );
  }
  return resolve(source);
}

/** Where a path really leads, as far as it exists: a folder on the way may be a link to anywhere. */
export async function placeOf(path: string): Promise<string> {
  const folder = dirname(path);
  if (folder === path) return path;
  return realpath(path).catch(async () => join(await placeOf(folder), basename(path)));
}

/**
 * Whether a real path lies under one of the roots, or is one. They are resolved at each use: a root may be a link that is moved to another release
 * while the worker runs.
 */
export async function isBelow(path: string, roots: readonly string[]): Promise<boolean> {
  for (const root of roots) {
    const base = await placeOf(resolve(root));
    if (path === base || path.startsWith(base.endsWith(sep) ? base : base + sep)) return true;
  }
  return false;
}
