import { setTimeout as sleep } from 'node:timers/promises';
import { documentEnd, startDocument, type DocumentEnd } from '../../../src/client/index.js';
import type { ReapInput, ReapReport } from '../../../src/jobs/reap.js';
import type { Gate } from '../../support/gate.js';
import { waitUntil } from '../../support/wait-until.js';
import type { Cell } from '../plan/cells.js';
import { carryOut } from './acts.js';
import { FaultyDocument, type Hands } from './faulty-document.js';
import { inputOf } from './input.js';
import { strikeAll } from './strikes.js';
import { openWorld, type Surroundings, type World } from './world.js';

/** All that a cell has to tell when it is over. */
export interface CellEnd {
  documents: { document: FaultyDocument; end: DocumentEnd | 'hung'; ms: number }[];
  report: ReapReport;
}

/** Nobody has come to its moment for so long: whoever is still on its way is struck where it is. */
const STRAGGLER_MS = 15_000;
const ROUND_LIMIT_MS = 150_000;
/** A reader of a single read waits six minutes for another that may have it. */
const END_LIMIT_MS = 10 * 60_000;

/** Runs the documents of a cell through their schedules, reaps once, and hands what was seen to `look` while the vendor's books are open. */
export async function runCell<T>(
  cell: Cell,
  surroundings: Surroundings,
  look: (world: World, end: CellEnd) => Promise<T>,
): Promise<T> {
  const faulty: FaultyDocument[] = [];
  let onCancelled: (() => Promise<void>) | undefined;
  const gate: Gate = async (message) => {
    if (message.kind === 'cancel' && message.phase === 'reply') await onCancelled?.();
    const owners = faulty.filter((one) => one.owns(message));
    const verdicts = await Promise.all(owners.map((one) => one.see(message)));
    return verdicts.find((verdict) => verdict !== 'pass') ?? 'pass';
  };
  await using world = await openWorld(cell, surroundings, gate);
  await world.workers.start();
  const ends = Promise.all(
    cell.runs.map(async (run, index) => {
      const token = `${cell.name}d${String(index).padStart(2, '0')}x`;
      const source = surroundings.documents.add(`${token}.pdf`, surroundings.pdf);
      const workflowId = `faults-${token}`;
      const isStruckAtStart = run.rounds.some(({ steps }) => steps.some(({ at }) => at === 'startAnswered'));
      const client = isStruckAtStart ? world.guardedClient : world.client;
      const start = (): Promise<unknown> =>
        startDocument(client, inputOf(run, source), { workflowId, taskQueue: world.taskQueue });
      const document = new FaultyDocument(run, token, workflowId, handsOf(world, start));
      faulty.push(document);
      return followToEnd(world, document, start);
    }),
  );
  for (const [round, strike] of cell.strikes.entries()) {
    if (strike === 'none' || strike === 'kill in reap') continue;
    await comeTogether(faulty, round);
    await strikeAll(
      strike,
      faulty.filter((one) => one.roundsDone === round && (one.isHeld || !one.isOver)),
      world,
    );
  }
  const documents = await ends;
  if (cell.strikes.includes('kill in reap')) {
    onCancelled = async () => {
      onCancelled = undefined;
      await world.workers.kill();
      for (const one of faulty) one.strike('kill in reap', 'drop');
      await world.workers.start();
    };
  }
  // Awaited here: the world must not be gone while it is looked at.
  return await look(world, { documents, report: await reap(world, cell) });
}

function handsOf({ client, sandbox }: World, startAgain: () => Promise<unknown>): Hands {
  const find = (jobId: string | undefined) => sandbox.ledger.jobs().find((one) => one.jobId === jobId);
  return {
    act: (document, act) => carryOut(act, document, { client, sandbox, startAgain }),
    async finish(jobId) {
      if (find(jobId)?.endedAt === null) await sandbox.jobs.finish(jobId);
    },
    jobState(jobId) {
      const job = find(jobId);
      return job === undefined ? 'no job' : `job ${job.state}`;
    },
  };
}

async function followToEnd(
  { client }: World,
  document: FaultyDocument,
  start: () => Promise<unknown>,
): Promise<CellEnd['documents'][number]> {
  const since = Date.now();
  const isReset = document.run.rounds.some(({ steps }) => steps.some(({ act }) => act === 'reset'));
  // A lost reply may leave a caller with an error: what counts is whether the workflow runs.
  await start().catch(() => undefined);
  const limit = sleep(END_LIMIT_MS, 'hung' as const, { ref: false });
  for (;;) {
    const end = await Promise.race([documentEnd(client, document.workflowId), limit]);
    // A reset ends one run and begins another.
    const goesOn = isReset && end !== 'hung' && end.kind === 'failed' && end.failure.type === 'WorkflowTerminated';
    if (goesOn) continue;
    document.isOver = true;
    return { document, end, ms: Date.now() - since - document.heldMs };
  }
}

/** Waits until each document is at its moment of this round. */
async function comeTogether(documents: readonly FaultyDocument[], round: number): Promise<void> {
  const isThere = (one: FaultyDocument): boolean => one.isOver || one.isHeld || one.roundsDone > round;
  let there = 0;
  let since = Date.now();
  await waitUntil(
    () => {
      const now = documents.filter(isThere).length;
      if (now !== there) [there, since] = [now, Date.now()];
      return now === documents.length || (there > 0 && round > 0 && Date.now() - since > STRAGGLER_MS);
    },
    'all documents are at their moment',
    ROUND_LIMIT_MS,
  ).catch(() => undefined);
}

/** Once, over all that the cell has left behind. */
async function reap({ client, taskQueue }: World, { name, runs }: Cell): Promise<ReapReport> {
  const closed = `WorkflowId STARTS_WITH 'faults-${name}' AND ExecutionStatus != 'Running'`;
  const isVisible = async (): Promise<boolean> => (await client.workflow.count(closed)).count >= runs.length;
  await waitUntil(isVisible, 'visibility shows all documents').catch(() => undefined);
  const input: ReapInput = { since: '2h', minimumAge: 0, query: closed };
  return client.workflow.execute<(input: ReapInput) => Promise<ReapReport>>('reapOrphanedJobs', {
    taskQueue,
    workflowId: `reap-${name}`,
    args: [input],
  });
}
