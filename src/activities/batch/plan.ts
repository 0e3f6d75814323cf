import { Context } from '@temporalio/activity';
import { type BatchDrive, readBatchDrive } from '../../batch/record/batch-drives.js';
import type { BatchActivities, PlanBatchInput, PlanBatchOutput } from '../../jobs/batch-activities.js';
import type { BatchManifest } from '../../jobs/batch.js';
import { defined } from '../../jobs/defined.js';
import type { FailureContext } from '../../jobs/failures.js';
import { DEFAULT_PROVIDER } from '../../providers/types.js';
import type { ResultStore } from '../../results/result-store.js';
import { findAccount } from '../account.js';
import type { ActivityDeps } from '../activity-deps.js';
import { startHeart } from '../heart.js';
import type { BatchAccess } from './batch-activities.js';
import { batchFailure } from './batch-failures.js';
import { gatherManifest } from './gather-manifest.js';
import { gatherRedrive } from './gather-redrive.js';
import { PlanSpool } from './plan-spool.js';
import { writePlan } from './write-plan.js';

/**
 * `planDocumentBatch`: reads the manifest of a batch once, or what an earlier drive left, and writes down which documents are started in which order. A
 * workflow's plan is made once: a later attempt, or a reset of the workflow, finds it. Memory: about 80 bytes a document.
 * @throws DocumentBatchManifestInvalid, DocumentAccountUnknown, DocumentResultStoreRefused.
 */
export function createPlan(
  deps: ActivityDeps,
  { manifests, sources }: BatchAccess,
): BatchActivities['planDocumentBatch'] {
  return async (input) => {
    const context = Context.current();
    const { info, cancellationSignal: signal } = context;
    const { provider: name = DEFAULT_PROVIDER, account = name } = input.request;
    const about: FailureContext = { provider: name, account, operation: 'batch' };
    const progress = { drive: 0, rows: 0, pages: 0 };
    const heart = startHeart(context, deps.clock, () => progress);
    heart.beat();
    try {
      const provider = await findAccount(deps.accounts, { provider: name, account }, about);
      for (;;) {
        const { drive, earlier } = await findDrive(deps.results, input);
        if (earlier !== null) return outputOf(earlier);
        Object.assign(progress, { drive, rows: 0, pages: 0 });
        await using spool = await PlanSpool.create();
        const onRow = (): void => void (progress.rows += 1);
        if (input.redrive !== undefined) await gatherRedrive(deps.results, input.redrive, spool, onRow);
        else {
          const access = { roots: manifests, sources, signal };
          await gatherManifest(input, { drive, provider, access, onRow }, spool);
        }
        signal.throwIfAborted();
        const plannedAt = new Date(await deps.clock.now()).toISOString();
        const { batchId, firstExecutionRunId, redrive } = input;
        const manifest = shownManifest(input.manifest);
        const facts = { batchId, drive, plannedAt, firstExecutionRunId, manifest, ...defined({ redrive }) };
        const planned = await writePlan(deps.results, facts, spool, () => (progress.pages += 1));
        if (planned !== null) return outputOf(planned);
        // Another workflow has planned a drive of this batch meanwhile: this one is the next.
      }
    } catch (error) {
      throw batchFailure(error, about, info.attempt);
    } finally {
      heart.stop();
    }
  };
}

/** The number of the next drive, or this workflow's own if it is planned already. */
async function findDrive(
  store: ResultStore,
  { batchId, firstExecutionRunId }: PlanBatchInput,
): Promise<{ drive: number; earlier: BatchDrive | null }> {
  for (let drive = 0; ; drive++) {
    const earlier = await readBatchDrive(store, batchId, drive);
    if (earlier === null || earlier.firstExecutionRunId === firstExecutionRunId) return { drive, earlier };
  }
}

const outputOf = ({ drive, documents, planPages, unusableRows, segments }: BatchDrive): PlanBatchOutput => ({
  drive,
  documents,
  planPages,
  unusableRows,
  segments,
});

/** A source's arguments are its owner's business. */
const shownManifest = (manifest: BatchManifest): BatchManifest =>
  manifest.kind === 'source' ? { kind: manifest.kind, name: manifest.name } : manifest;
