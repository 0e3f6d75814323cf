import { open } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { SNIFF_BYTES, sniffDocument } from '../../activities/sniff-document.js';
import type { SurveyRow } from '../../batch/forecast/survey.js';
import { manifestEntries } from '../../batch/manifest/manifest-entries.js';
import { checkRow, isRowProblem } from '../../batch/plan/check-row.js';
import { filesBelow } from '../../client/batch/manifest-identity.js';
import type { BatchManifest } from '../../jobs/batch.js';

/** The rows of a manifest on this machine, for a forecast. @returns null for one that only the worker can list. */
export function surveyRows(manifest: BatchManifest): AsyncIterable<SurveyRow> | null {
  if (manifest.kind === 'folder') return folderRows(manifest.path);
  return manifest.kind === 'file' ? fileRows(manifest) : null;
}

/** Not the planner's own way, which reads every file whole to name its content. */
async function* folderRows(folder: string): AsyncGenerator<SurveyRow> {
  for await (const path of filesBelow(folder)) {
    const file = await open(path, 'r').catch(() => null);
    if (file === null) continue;
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(SNIFF_BYTES), 0, SNIFF_BYTES, 0);
      if (bytesRead > 0 && sniffDocument(path, buffer.subarray(0, bytesRead)).refusal === null) yield { source: path };
    } catch {
      // A link to a folder, or gone: no document.
    } finally {
      await file.close();
    }
  }
}

async function* fileRows(manifest: Extract<BatchManifest, { kind: 'file' }>): AsyncGenerator<SurveyRow> {
  const folder = dirname(resolve(manifest.path));
  const { signal } = new AbortController();
  for await (const entry of manifestEntries(manifest, { roots: [folder], sources: {}, signal })) {
    if ('skipped' in entry) continue;
    const row = 'row' in entry ? checkRow(entry.row) : null;
    yield row === null || isRowProblem(row) ? null : row;
  }
}
