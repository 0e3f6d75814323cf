import { realpath, stat } from 'node:fs/promises';
import { dirname, extname } from 'node:path';
import type { BatchManifest } from '../../jobs/batch.js';
import { messageOf, usageError } from '../cli-error.js';
import { readProblem } from '../read-json-file.js';

const FORMATS: Readonly<Record<string, 'jsonl' | 'csv'>> = {
  '.jsonl': 'jsonl',
  '.ndjson': 'jsonl',
  '.csv': 'csv',
  '.tsv': 'csv',
};

/**
 * What the user named as the list of documents: a file, a folder, `s3://bucket/prefix` or `source:NAME`. Files and folders by their real path, so
 * that one that is reached by two names is one batch.
 * @throws usage error that says what would do.
 */
export async function manifestArgument(text: string, format?: 'jsonl' | 'csv'): Promise<BatchManifest> {
  const source = /^source:(.+)$/.exec(text)?.[1];
  if (source !== undefined) return { kind: 'source', name: source };
  if (/^s3:\/\//i.test(text)) return s3Manifest(text);
  const path = await realpath(text).catch((error: unknown) => {
    throw usageError(`${text}: ${readProblem(error)}`);
  });
  const facts = await stat(path).catch((error: unknown) => {
    throw usageError(`${text}: ${messageOf(error)}`);
  });
  if (facts.isDirectory()) return { kind: 'folder', path };
  if (!facts.isFile()) throw usageError(`${text}: is no regular file`);
  const told = format ?? FORMATS[extname(path).toLowerCase()];
  if (told === undefined) {
    throw usageError(
      `${text}: expected a manifest that ends with .jsonl, .ndjson or .csv (or say --format), a folder, s3://bucket/prefix or source:NAME; ` +
        'a single document is for "docjobs process"',
    );
  }
  return { kind: 'file', path, format: told };
}

function s3Manifest(text: string): BatchManifest {
  const [, bucket, prefix = ''] = /^s3:\/\/([^/]+)(?:\/(.*))?$/is.exec(text) ?? [];
  if (bucket === undefined) throw usageError(`${text}: expected s3://bucket/prefix`);
  return { kind: 's3', bucket, ...(prefix === '' ? {} : { prefix }) };
}

/** To show. */
export function manifestLabel(manifest: BatchManifest): string {
  if (manifest.kind === 's3') return `s3://${manifest.bucket}/${manifest.prefix ?? ''}`;
  return manifest.kind === 'source' ? `source:${manifest.name}` : manifest.path;
}

/**
 * The folders whose files a worker of ours may upload for the manifest: its own, and those that `--allow` names. By their real paths.
 * @throws usage error for one that is no folder.
 */
export async function foldersOf(manifest: BatchManifest, allow: readonly string[]): Promise<string[]> {
  const own = manifest.kind === 'folder' ? [manifest.path] : manifest.kind === 'file' ? [dirname(manifest.path)] : [];
  const named = allow.map(async (folder) => {
    const path = await realpath(folder).catch(() => null);
    const isFolder = path !== null && (await stat(path)).isDirectory();
    if (!isFolder) throw usageError(`--allow ${folder}: no such folder`);
    return path;
  });
  return [...own, ...(await Promise.all(named))];
}
