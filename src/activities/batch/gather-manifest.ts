import { type ManifestAccess, manifestEntries } from '../../batch/manifest/manifest-entries.js';
import type { ManifestEntry } from '../../batch/manifest/manifest-entry.js';
import { checkRow, isRowProblem, type RowProblem } from '../../batch/plan/check-row.js';
import { documentIdentity, publicId } from '../../batch/plan/document-name.js';
import { IdIndex } from '../../batch/id-index.js';
import { documentWorkflowIds } from '../../client/workflow-id.js';
import type { PlanBatchInput } from '../../jobs/batch-activities.js';
import type { BatchDocument, BatchManifest, BatchRow, BatchRowInput } from '../../jobs/batch.js';
import { publicSource } from '../../jobs/batch-row.js';
import { defined } from '../../jobs/defined.js';
import { isJsonObject } from '../../jobs/json.js';
import type { Provider } from '../../providers/provider.js';
import { redact } from '../../providers/redact.js';
import { isUrl } from '../../providers/source-url.js';
import type { PlanSpool } from './plan-spool.js';

export interface Gathering {
  drive: number;
  provider: Provider;
  access: ManifestAccess;
  /** Called for each row. */
  onRow: () => void;
}

/**
 * Reads a manifest once and gathers its documents. A row that can't be used costs itself only: it becomes a `refused` row of the record.
 * @throws {ManifestError} when the manifest can't be used as a whole.
 */
export async function gatherManifest(
  { manifest, request, force }: Pick<PlanBatchInput, 'manifest' | 'request' | 'force'>,
  { drive, provider, access, onRow }: Gathering,
  spool: PlanSpool,
): Promise<void> {
  const workflowIdOf = documentWorkflowIds(request);
  const lines = new IdIndex();
  const place = placeOf(manifest);
  let index = 0;
  for await (const entry of manifestEntries(manifest, access)) {
    onRow();
    if ('skipped' in entry) {
      spool.skipped += 1;
      continue;
    }
    const checked = check(entry);
    if (isRowProblem(checked)) await spool.refuse(unusableRow(entry, checked));
    else await spool.add(checked);
    index += 1;
  }

  function check(entry: Exclude<ManifestEntry, { skipped: true }>): BatchDocument | RowProblem {
    if ('problem' in entry) return { type: entry.type ?? 'DocumentInputInvalid', reason: entry.problem };
    const row = checkRow(entry.row);
    if (isRowProblem(row)) return row;
    const refusal = sourceRefusal(provider, row.source);
    if (refusal !== null) return { type: 'DocumentSourceRefused', reason: refusal };
    const id = publicId(row.id ?? row.source);
    const earlier = lines.get(id);
    if (earlier !== undefined) {
      return {
        type: 'DocumentInputInvalid',
        reason: `its id ${JSON.stringify(redact(id))} stands in ${place} ${earlier} already`,
      };
    }
    lines.set(id, entry.line);
    return documentOf(row, id);
  }

  function documentOf(row: BatchRowInput, id: string): BatchDocument {
    const { source, tenant, priority, pages } = row;
    const workflowId = workflowIdOf(documentIdentity(row, force));
    return { index, id, source, workflowId, ...defined({ tenant, priority, pages }) };
  }

  function unusableRow(entry: Exclude<ManifestEntry, { skipped: true }>, { type, reason }: RowProblem): BatchRow {
    return {
      schemaVersion: 1,
      index,
      // Not its own: that may be another document's, or none.
      id: 'id' in entry && entry.id !== undefined ? entry.id : `${place} ${entry.line}`,
      source: shownSource(entry),
      workflowId: null,
      state: 'refused',
      error: { type, reason: `${place} ${entry.line}: ${reason}`.slice(0, 300), operation: 'batch' },
      jobs: [],
      pages: null,
      credits: null,
      drive,
      startedAt: null,
      endedAt: null,
    };
  }
}

/** What an entry's number counts. What is no manifest at all has no entries. */
function placeOf(manifest: BatchManifest | null): string {
  const kind = manifest?.kind;
  return kind === 'file' ? 'line' : kind === 'folder' ? 'file' : 'row';
}

/** Only what the vendor is told to fetch can be judged from here; a file is looked at when it is uploaded. */
function sourceRefusal(provider: Provider, source: string): string | null {
  if (!isUrl(source)) return null;
  const found = provider.check({ operation: 'parse', input: source });
  return found?.field === 'input' ? found.reason : null;
}

function shownSource(entry: Exclude<ManifestEntry, { skipped: true }>): string {
  const source = 'row' in entry && isJsonObject(entry.row) ? entry.row.source : undefined;
  return typeof source === 'string' ? redact(publicSource(source)) : '';
}
