// The worker whose memory is measured, in a process of its own. It tells its RSS all the while, and does plain copies for comparison when told to.
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { NativeConnection, Worker } from '@temporalio/worker';
import type { ResultRef } from '../../src/jobs/types.js';
import { createDocumentActivities, fileStore, memoryStore, openResult, reducto } from '../../src/index.js';
import { jsonSlices } from '../../src/json-stream/index.js';
import { quietRuntime } from '../environment.js';
import type { Order, Told } from './messages.js';

const [address = '', codePath = '', vendorUrl = '', folder = ''] = process.argv.slice(2);
const SAMPLE_MS = 5;

quietRuntime();
let peak = 0;
setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), SAMPLE_MS).unref();
const files = fileStore(join(folder, 'store'));
const accounts = { reducto: reducto({ apiKey: 'k', baseUrl: vendorUrl }) };
const connection = await NativeConnection.connect({ address });
const worker = (taskQueue: string, results: ReturnType<typeof fileStore>): Promise<Worker> =>
  Worker.create({
    connection,
    taskQueue,
    workflowBundle: { codePath },
    maxConcurrentActivityTaskExecutions: 200,
    activities: createDocumentActivities({ accounts, results }),
  });
const workers = [await worker('files', files), await worker('memory', memoryStore())];
const running = workers.map((one) => one.run());

async function copyPlainly(url: string): Promise<void> {
  const path = join(folder, 'plain.json');
  const { body } = await fetch(url);
  if (body === null) throw new Error('no body');
  await pipeline(body, createWriteStream(path));
  await rm(path);
}

/** All of it, page by page, as whoever looks for something in it would. @returns how many chunks. */
async function readBack(ref: ResultRef): Promise<number> {
  let chunks = 0;
  const bytes = await openResult(files, ref);
  const isIn = (path: readonly unknown[]): boolean => path.length === 0 || path[0] === 'result';
  for await (const { path } of jsonSlices(bytes, (path, opens) =>
    path.length === 3 && path[1] === 'chunks'
      ? 'take'
      : path.length < 3 && isIn(path) && '{['.includes(opens)
        ? 'enter'
        : 'skip',
  )) {
    if (path.length === 3) chunks += 1;
  }
  return chunks;
}

async function obey(order: Order): Promise<Omit<Told, 'rss' | 'peak' | 'ms'>> {
  switch (order.kind) {
    case 'rss':
      return {};
    case 'plain':
      await copyPlainly(order.url);
      return {};
    case 'read':
      return { chunks: await readBack(order.ref) };
    case 'stop':
      for (const one of workers) one.shutdown();
      await Promise.all(running);
      await connection.close();
      process.exit();
  }
}

process.on('message', (order: Order) => {
  const from = performance.now();
  if (order.fromHere === true) peak = process.memoryUsage.rss();
  void obey(order).then((told) =>
    process.send?.({ ...told, ms: performance.now() - from, rss: process.memoryUsage.rss(), peak } satisfies Told),
  );
});
process.on('disconnect', () => process.exit());
process.send?.({ ms: 0, rss: 0, peak: 0 } satisfies Told);
