import { readFile } from 'node:fs/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { defaultPayloadConverter } from '@temporalio/common';
import type { temporal } from '@temporalio/proto';
import { parseWorkflowCode } from '@temporalio/worker/lib/worker.js';
import { ReusableVMWorkflowCreator } from '@temporalio/worker/lib/workflow/reusable-vm.js';
import type { ProcessBatchInput } from '../../src/jobs/batch.js';
import { ACTIVITY } from '../../src/jobs/names.js';
import type { BenchResult } from '../bench-result.js';
import { bundle } from '../environment.js';
import { Documents } from './parent/documents.js';
import { type Counts, ParentRun } from './parent/run.js';

/** As a cluster could do it: what a vendor's 200 reads a second allow. */
const WINDOW = 2_000;
const STARTS_A_SECOND = 200;
const JOB_MS = 8_000;
const SEED = 5;
const PARTS = 20;
/** What must hold. */
const MAX_GROWTH = 1.2;
const MAX_STATE = 2 * 1024 * 1024;
const MAX_EVENTS = 15;
const MB = 1024 * 1024;

/**
 * The workflow of a batch alone, without server and worker: its children and activities are answered by a driver in a virtual time. Uses the SDK's
 * private paths, as the SDK's own tests do.
 */
export async function batchParent(count: number): Promise<BenchResult> {
  const code = await readFile(await bundle('./fleet/workflows.ts'), 'utf8');
  const creator = await ReusableVMWorkflowCreator.create(
    parseWorkflowCode(code),
    10_000,
    new Set(Object.values(ACTIVITY)),
  );
  const documents = new Documents(count, JOB_MS, SEED);
  const counts: Counts = { runs: 0, tasks: 0, events: 0, bytes: 0, actions: 0, stateBytes: [] };
  const looks: Look[] = [];
  const began = performance.now();
  const cpu = process.cpuUsage();
  const onTask = (): void => {
    if (documents.recorded >= ((looks.length + 1) * count) / PARTS) looks.push(lookAt(documents.recorded, began));
  };
  const input: ProcessBatchInput = {
    manifest: { kind: 'source', name: 'driver' },
    window: WINDOW,
    startsPerSecond: STARTS_A_SECOND,
  };
  const from = Date.UTC(2026, 0, 1);
  let now = from;
  let args: temporal.api.common.v1.IPayload[] | null = [defaultPayloadConverter.toPayload(input)];
  while (args !== null) {
    ({ now, next: args } = await new ParentRun(creator, documents, counts, now).toEnd(args, onTask));
  }
  const wallMs = performance.now() - began;
  const { user, system } = process.cpuUsage(cpu);
  await creator.destroy();
  const facts: Facts = { documents, counts, looks, wallMs, cpuMs: (user + system) / 1_000, virtualMs: now - from };
  return {
    seed: SEED,
    rows: rowsOf(facts),
    notes: [
      `window ${WINDOW}, ${STARTS_A_SECOND} starts a second, jobs of ${JOB_MS / 1_000} s, workflow tasks 50 ms apart, all in virtual time`,
      "memory: of the process that has the workflow and the driver, after garbage collection; time and CPU: the driver's part included",
      'history bytes: payloads, and 160 bytes an event',
    ],
    broken: brokenBy(facts),
    series: [
      {
        title: 'Heap of the workflow and its driver',
        x: 'documents',
        y: 'MB',
        points: looks.map(({ documents, heapMb }) => [documents, Math.round(heapMb * 10) / 10]),
      },
    ],
  };
}

interface Look {
  documents: number;
  heapMb: number;
  rssMb: number;
  /** Since the last look. */
  atMs: number;
}
interface Facts {
  documents: Documents;
  counts: Counts;
  looks: Look[];
  wallMs: number;
  cpuMs: number;
  virtualMs: number;
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function lookAt(documents: number, began: number): Look {
  const atMs = performance.now() - began;
  collect();
  const { heapUsed, rss } = process.memoryUsage();
  return { documents, heapMb: heapUsed / MB, rssMb: rss / MB, atMs };
}

function rowsOf({ documents, counts, looks, wallMs, cpuMs, virtualMs }: Facts): object[] {
  const { count } = documents;
  const { runs, tasks, events, bytes, actions, stateBytes } = counts;
  const states = stateBytes.length || 1;
  const [early, last] = [looks[1], looks.at(-1)];
  const half = Math.floor(looks.length / 2);
  const firstHalfMs = looks[half - 1]?.atMs ?? wallMs;
  const figures: [string, number][] = [
    ['documents', count],
    ['recorded', documents.recorded],
    ['started twice', documents.startedTwice],
    ['recorded twice', documents.recordedTwice],
    ['runs', runs],
    ['workflow tasks a document', tasks / count],
    ['events a document', events / count],
    ['history bytes a document', bytes / count],
    ['actions a document', actions / count],
    ['carried into another run, share of the documents', documents.awaited / count],
    ['record segments', documents.segments],
    ['state carried on, kB, average', stateBytes.reduce((sum, one) => sum + one, 0) / states / 1_000],
    ['state carried on, kB, most', Math.max(0, ...stateBytes) / 1_000],
    ['heap MB after a tenth', early?.heapMb ?? 0],
    ['heap MB at the end', last?.heapMb ?? 0],
    ['RSS MB after a tenth', early?.rssMb ?? 0],
    ['RSS MB at the end', last?.rssMb ?? 0],
    ['ms for 1,000 documents', (wallMs * 1_000) / count],
    ['ms for 1,000 documents, first half', (firstHalfMs * 1_000) / (looks[half - 1]?.documents ?? count)],
    ['CPU ms for 1,000 documents', (cpuMs * 1_000) / count],
    ['hours, in virtual time', virtualMs / 3_600_000],
  ];
  return figures.map(([figure, value]) => ({ figure, value: Math.round(value * 100) / 100 }));
}

function brokenBy({ documents, counts, looks }: Facts): string[] {
  const { count, recorded, startedTwice, recordedTwice } = documents;
  const growth = (looks.at(-1)?.heapMb ?? 0) / (looks[1]?.heapMb ?? 1);
  const events = counts.events / count;
  const state = Math.max(0, ...counts.stateBytes);
  const promises: [boolean, string][] = [
    [recorded === count, `${recorded} documents are recorded`],
    [startedTwice === 0 && recordedTwice === 0, `${startedTwice} started, ${recordedTwice} recorded twice`],
    [growth <= MAX_GROWTH, `the heap has grown by ${growth.toFixed(2)} × since the first tenth`],
    [events <= MAX_EVENTS, `${events.toFixed(1)} events a document, more than ${MAX_EVENTS}`],
    [state <= MAX_STATE, `a state of ${state} bytes, more than an argument may have`],
  ];
  return promises.filter(([holds]) => !holds).map(([, words]) => words);
}
