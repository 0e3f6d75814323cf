import { deferred } from '../../support/deferred.js';
import type { Verdict } from '../../support/gate.js';
import { waitUntil } from '../../support/wait-until.js';
import type { Strike } from '../plan/run.js';
import type { FaultyDocument } from './faulty-document.js';
import type { World } from './world.js';

/** A submit's heartbeat time-out, twice. */
const STALL_LIMIT_MS = 90_000;
/** The receiver gives Temporal some seconds. */
const REFUSAL_LIMIT_MS = 60_000;

/** Strikes the documents of a cell, most of which are held, and gives them a worker to go on with. */
export async function strikeAll(
  strike: Exclude<Strike, 'none' | 'kill in reap'>,
  documents: readonly FaultyDocument[],
  { workers, temporal, receiver, sandbox }: World,
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
      await temporal.kill();
      await temporal.startAgain();
      return all('drop');
    case 'kill server, calls refused': {
      await temporal.kill();
      const refusals = ({ traces }: FaultyDocument): number =>
        sandbox.webhooks
          .deliveries()
          .filter(({ jobId }) => traces.jobIds.includes(jobId))
          .flatMap(({ attempts }) => attempts.filter(({ status }) => (status ?? 0) >= 500)).length;
      const calling = documents.filter(({ isHeld }) => isHeld).map((one) => ({ one, before: refusals(one) }));
      all('pass');
      const areRefused = (): boolean => calling.every(({ one, before }) => refusals(one) > before);
      await waitUntil(areRefused, 'the receiver has refused each call', REFUSAL_LIMIT_MS);
      return temporal.startAgain();
    }
    case 'kill receiver':
      await receiver.kill();
      all('drop');
      return receiver.start();
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
