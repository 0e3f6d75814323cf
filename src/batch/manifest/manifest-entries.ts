import type { BatchManifest } from '../../jobs/batch.js';
import { isJsonObject } from '../../jobs/json.js';
import { type BatchSources, sourceEntries } from './batch-sources.js';
import { folderEntries } from './folder-entries.js';
import type { ManifestEntry } from './manifest-entry.js';
import { ManifestError } from './manifest-error.js';
import { fileEntries } from './manifest-file.js';

export interface ManifestAccess {
  /** Files and folders from which manifests, and the documents of folders, are read. */
  roots: readonly string[];
  sources: BatchSources;
  signal: AbortSignal;
}

/**
 * What a manifest lists, in its order and in flat memory.
 * @throws {ManifestError} when it can't be used as a whole, also at its end: what came before counts only if it ends well.
 */
export async function* manifestEntries(
  manifest: BatchManifest,
  { roots, sources, signal }: ManifestAccess,
): AsyncGenerator<ManifestEntry> {
  let documents = 0;
  for await (const entry of open()) {
    signal.throwIfAborted();
    if (!('skipped' in entry)) documents += 1;
    yield entry;
  }
  if (documents === 0) throw new ManifestError('manifest', 'it lists no document');

  function open(): AsyncIterable<ManifestEntry> {
    // From any language: its type promises nothing.
    if (!isJsonObject(manifest))
      throw new ManifestError('manifest', 'expected {"kind": file | folder | s3 | source, …}');
    if (manifest.kind === 'file') return fileEntries(manifest, roots);
    if (manifest.kind === 'folder') return folderEntries(manifest, roots);
    if (manifest.kind === 's3' || manifest.kind === 'source') return sourceEntries(manifest, sources, signal);
    throw new ManifestError('manifest.kind', 'expected file, folder, s3 or source');
  }
}
