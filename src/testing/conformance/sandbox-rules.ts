import type { Operation } from '../../jobs/types.js';
import type { CallAct, CallRule, FaultRule, JobFate } from '../../sandbox/index.js';
import type { Situation } from './situations.js';
import type { VendorWords } from './vendor-words.js';

const HOUR_MS = 3_600_000;
const FIRST_TWO = { from: 1, to: 2 };
const FIRST_THREE = { from: 1, to: 3 };

type Nth = Pick<CallRule, 'call'>['call'];

/** The fault rules that make the sandbox show a situation to the next job of an operation. */
export function sandboxRules(situation: Situation, operation: Operation, words: VendorWords): FaultRule[] {
  const on = (kind: CallRule['on'], act: CallAct, call?: Nth): FaultRule => {
    // What belongs to no job, a list or a URL, is of no operation either.
    const which = kind === 'list' || kind === 'fetch' ? {} : { operation };
    return { on: kind, ...which, ...(call === undefined ? {} : { call }), do: act };
  };
  const firstSubmit = (act: CallAct): FaultRule[] => [on('submit', act, 1)];
  const firstReads = (act: CallAct): FaultRule[] => [on('get', act, FIRST_THREE)];
  const job = (fate: JobFate, nth?: number): FaultRule => ({
    job: fate,
    operation,
    ...(nth === undefined ? {} : { nth }),
  });
  const refused = (status: number): CallAct => ({ status, body: words.refusal });

  switch (situation) {
    case 'happy':
    case 'kept':
    case 'expired':
    case 'single-read':
      return [];
    case 'queued-long':
      return [job({ statusWord: words.queued, forMs: 3 * HOUR_MS })];
    case 'unknown-status':
      return [job({ statusWord: 'Reticulating', forMs: HOUR_MS })];
    case 'never-ends':
    case 'cancelled-elsewhere':
    case 'cancel-wins':
      return [job('stuck')];
    case 'failed':
      return [job({ failed: words.failed })];
    case 'failed-transient':
      return words.transient === undefined ? [] : [job({ failed: words.transient }, 1)];
    case 'vanished':
      return [job('vanished')];
    case 'submit-rate-limited':
      return [on('submit', 'rate-limited', FIRST_THREE)];
    case 'submit-rejected':
      return [on('submit', refused(400))];
    case 'submit-refused-key':
      return [on('submit', refused(401))];
    case 'submit-html-error':
      return firstSubmit('html-502');
    case 'submit-error-after-accept':
      return firstSubmit({ status: 503, accept: true });
    case 'submit-dropped-before-accept':
      return firstSubmit('drop-before-accept');
    case 'submit-dropped-after-accept':
      return firstSubmit('drop-after-accept');
    case 'submit-reply-cut-off':
      return firstSubmit('truncate-body');
    case 'submit-reply-senseless':
      return firstSubmit({ status: 200, body: {}, accept: true });
    case 'look-fails-at-first':
      return [...firstSubmit('drop-after-accept'), on('list', { status: 503 }, FIRST_TWO)];
    case 'reference-gone':
      return firstSubmit(words.referenceGone);
    case 'read-rate-limited':
      return firstReads('rate-limited');
    case 'read-server-error':
      return firstReads(refused(500));
    case 'read-html-error':
      return firstReads('html-502');
    case 'read-refused-key':
      return firstReads(refused(401));
    case 'read-dropped':
      return firstReads('drop-before-accept');
    case 'read-cut-off':
      return firstReads('truncate-body');
    case 'read-slow-body':
      return firstReads({ slowBodyMs: 50 });
    case 'finished-body-unreadable':
      return [on('get', { status: 200, body: words.unreadable })];
    case 'single-read-consumed':
      return [on('fetch', 'drop-after-accept', 1)];
    case 'cancel-loses':
      return [job('stuck'), job({ cancel: 'completes-first' })];
    case 'cancel-ignored':
      return [job('stuck'), job({ cancel: 'ignored' })];
    case 'cancel-fails-at-first':
      return [job('stuck'), on('cancel', { status: 503 }, FIRST_TWO)];
  }
}
