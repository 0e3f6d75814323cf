import { Context } from '@temporalio/activity';
import { temporalSide, type Temporal } from '../../histories/temporal-side.js';
import type { DocumentActivities } from '../../jobs/activities.js';
import type { FailureContext } from '../../jobs/failures.js';
import { type ForgottenPlace, isForgotten } from '../../jobs/forget.js';
import type { JobRef } from '../../jobs/types.js';
import { assetListKey, claimKey, resultKey } from '../../results/result-key.js';
import { type StoredKey, storedKeys } from '../../results/stored-keys.js';
import { findAccount } from '../account.js';
import type { ActivityDeps } from '../activity-deps.js';
import { startHeart } from '../heart.js';
import { eraseJob, type Erasing } from './erase-job.js';
import { eraseStored } from './erase-stored.js';
import { eraseUpload } from './erase-upload.js';
import { historyPlaces, notesOn, unknownJobs } from './history-places.js';
import { patienceOf, type Targets, targetsOf } from './targets.js';
import { Tries } from './tries.js';

/** What an attempt leaves for the next one. */
interface ForgetBeat {
  erased: ForgottenPlace[];
}

const ABOUT: FailureContext = { provider: '', account: '', operation: 'forget' };

/**
 * `forgetDocument`: erases what a document has left at vendors and in the result store, looks whether it is gone, and reports each place. Safe to
 * run twice. One place that can't be erased keeps no other from being erased.
 * @throws DocumentStillRunning, DocumentInputInvalid; a failure that Temporal retries while a vendor or store is in trouble, for as long as the
 * input's patience.
 */
export function createForget(deps: ActivityDeps): DocumentActivities['forgetDocument'] {
  return async ({ input }) => {
    const context = Context.current();
    const { info, cancellationSignal: signal } = context;
    const now = (): Promise<number> => deps.clock.now();
    const beat: ForgetBeat = { erased: (info.heartbeatDetails as ForgetBeat | undefined)?.erased ?? [] };
    const heart = startHeart(context, deps.clock, () => beat);
    heart.beat();
    try {
      const patienceMs = patienceOf(input);
      const temporal = temporalSide(context.client);
      const targets = await targetsOf(temporal, input);
      const tries = new Tries([...beat.erased], signal, (place) => {
        beat.erased.push(place);
        heart.beat();
      });
      await eraseAll(deps, temporal, { heart, signal, now }, targets, tries);
      const leftMs = patienceMs - ((await now()) - info.scheduledTimestampMs);
      if (leftMs > 0) tries.throwTrouble(ABOUT, leftMs);
      const { footprint } = targets;
      const keeping = { namespace: info.namespace, retentionMs: await temporal.retentionMs() };
      const rest = footprint === null ? [] : [...unknownJobs(footprint), ...historyPlaces(footprint, keeping)];
      const places = [...tries.places, ...rest];
      return {
        schemaVersion: 1,
        workflowId: input.workflowId ?? null,
        at: new Date(await now()).toISOString(),
        complete: isForgotten(places),
        places,
        notes: footprint === null ? [] : notesOn(footprint),
      };
    } finally {
      heart.stop();
    }
  };
}

/**
 * The vendor's side first: while the vendor still serves a result, a worker that comes late would put it into the store again. A job that a living
 * workflow has attached to is left whole.
 */
async function eraseAll(
  deps: ActivityDeps,
  temporal: Temporal,
  erasing: Erasing,
  { jobs, uploads }: Targets,
  tries: Tries,
): Promise<void> {
  const held = new Set<string>();
  for (const target of jobs) {
    const { job } = target;
    const { jobId: id, ...about } = job;
    await tries.run({ place: 'vendor_job', id, ...about }, async () => {
      const holder = await livingHolder(temporal, job);
      if (holder === null) return eraseJob(erasing, await findAccount(deps.accounts, job, { ...job }), target);
      held.add(id);
      return { state: 'refused', how: `workflow ${holder} waits for this job: cancel it first` };
    });
  }
  for (const upload of uploads) {
    const { provider, account, reference: id } = upload;
    await tries.run({ place: 'vendor_upload', id, provider, account }, async () => {
      return eraseUpload(erasing, await findAccount(deps.accounts, upload, { ...ABOUT, provider, account }), upload);
    });
  }
  for (const { job } of jobs) {
    if (held.has(job.jobId)) continue;
    for (const { kind, key } of await keysOf(deps, job, tries)) {
      await tries.run({ place: kind, id: key, ...job }, () => eraseStored(deps.results, key, erasing.now));
    }
  }
}

/** A list of assets that can't be read now keeps result and claim from nothing: it is still there at the next attempt. */
async function keysOf({ results }: ActivityDeps, job: JobRef, tries: Tries): Promise<StoredKey[]> {
  try {
    return await storedKeys(job, results);
  } catch (error) {
    await tries.run({ place: 'asset', id: assetListKey(job), ...job }, async () => {
      throw error;
    });
    return [
      { kind: 'result', key: resultKey(job) },
      { kind: 'claim', key: claimKey(job) },
    ];
  }
}

async function livingHolder(temporal: Temporal, job: JobRef): Promise<string | null> {
  for (const holder of await temporal.leaseHolders(job)) if (await temporal.isOpen(holder)) return holder.workflowId;
  return null;
}
