import { VENDOR_NAMES } from '../../../src/sandbox/index.js';
import type { Random } from '../../support/random.js';
import type { MomentName } from './moments.js';
import { OPERATIONS, type Round, type Run, type Step } from './run.js';

/** In the order in which a job comes by. */
const ON_THE_WAY: MomentName[] = [
  'submitGiven',
  'submitSent',
  'submitAnswered',
  'idNotBeaten',
  'submitUnrecorded',
  'pollGiven',
  'read',
  'notCopied',
  'halfCopied',
  'pollUnrecorded',
];
/** From here on every attempt comes by again, also after a crash in a submit, which may end without another POST. */
const FIRST_SURE = ON_THE_WAY.indexOf('submitUnrecorded');
const AFTER_CANCEL: MomentName[] = ['cancelGiven', 'cancelUnrecorded'];
const MOST_ROUNDS = 4;

/** One to four rounds at places that follow one another: crashes of the worker, lost replies, at the end perhaps a cancel. */
export function randomRun(random: Random, index: number): Run {
  const vendor = random.pick(VENDOR_NAMES);
  const operation = random.pick(OPERATIONS);
  const rounds: Round[] = [];
  let earliest = 0;
  for (let left = random.between(1, MOST_ROUNDS); left > 0 && earliest < ON_THE_WAY.length; left--) {
    const place = random.between(earliest, ON_THE_WAY.length - 1);
    rounds.push({ steps: [{ at: ON_THE_WAY[place]! }], strike: 'kill' });
    earliest = Math.max(place, FIRST_SURE);
  }
  const isCancelled = earliest <= ON_THE_WAY.indexOf('read') && random.chance(0.25);
  if (isCancelled) {
    const steps: Step[] = [{ at: 'read', act: 'cancel' }, { at: random.pick(AFTER_CANCEL) }];
    rounds.push({ steps, strike: 'kill' });
  }
  return {
    id: `random/${vendor}/${operation}/${index}`,
    point: 'random',
    vendor,
    operation,
    pattern: 'random',
    rounds,
    ending: isCancelled ? 'cancelled' : 'complete',
    onUnknownSubmit: 'resubmit',
    singleRead: false,
    webhooks: false,
  };
}
