import { deferred } from '../../support/deferred.js';
import type { Verdict } from '../../support/gate.js';
import { waitUntil } from '../../support/wait-until.js';
import type { Strike } from '../plan/run.js';
import type { CellServer } from './cell-server.js';
import type { FaultyDocument } from './faulty-document.js';
import type { Workers } from './workers.js';

/** A submit's heartbeat time-out, twice. */
const STALL_LIMIT_MS = 90_000;

/** Strikes the documents of a cell, most of which are held, and gives them a worker to go on with. */
export async function strikeAll(
  strike: Exclude<Strike, 'none' | 'kill in reap'>,
  documents: readonly FaultyDocument[],
  workers: Workers,
  server: CellServer,
): Promise<void> {
  const all = (fate: Verdict | Promise<Verdict>): void => documents.forEach((one) => one.strike(strike, fate));
  switch (strike) {
    case 'kill':
      await workers.kill();
      all('drop');
      return workers.start();
    case 'deploy':
      workers.retire();
      all('pass');
      return workers.start();
    case 'kill server':
      await server.killAndRestart();
      return all('drop');
    case 'stall': {
      const goOn = workers.freeze();
      const fate = deferred<Verdict>();
      all(fate.promise);
      await workers.start();
      const isGivenOn = ({ isOver, traces }: FaultyDocument): boolean => isOver || traces.submitsGiven > 0;
      await waitUntil(() => documents.every(isGivenOn), 'stalled submits were given to others', STALL_LIMIT_MS);
      goOn();
      return fate.resolve('pass');
    }
  }
}
