import type { VendorName } from '../../../src/sandbox/index.js';
import type { MomentName } from './moments.js';
import type { Act, Ending, Round, Run, Step, Strike } from './run.js';

type Pattern = Exclude<Run['pattern'], 'random'>;

/** Which of the runs of a point is asked for. */
export interface Variant {
  vendor: VendorName;
  pattern: Pattern;
  /** 0, 1 …: runs that differ in nothing else take turns with a point's variants. */
  copy: number;
}

/** A place where things go wrong, and how they go wrong there. */
export interface CrashPoint {
  name: string;
  vendors?: readonly VendorName[];
  operations?: readonly Run['operation'][];
  rounds(variant: Variant): Round[];
  /** Default `complete`. */
  ending?(variant: Variant): Ending;
  singleRead?: true;
  webhooks?: true;
}

const step = (at: MomentName, act?: Act): Step => ({ at, ...(act && { act }) });
const round = (strike: Strike, ...steps: Step[]): Round => ({ steps, strike });
const pick = <T>(choices: readonly T[], copy: number): T => choices[copy % choices.length]!;

/** Places that a job passes on its way to its end, whatever happened before, after a submit and after a poll that was interrupted. */
const AFTER_SUBMIT: MomentName[] = ['submitUnrecorded', 'pollGiven', 'halfCopied', 'notCopied', 'pollUnrecorded'];
const AFTER_POLL: MomentName[] = ['pollGiven', 'halfCopied', 'notCopied', 'pollUnrecorded'];
const AFTER_CANCEL: MomentName[] = ['cancelGiven', 'cancelUnrecorded'];

/** The worker is killed there; twice: and killed where the next attempt comes by (`again`); another: and killed at a later place. */
function kill(at: MomentName, later: MomentName[], again = at): CrashPoint['rounds'] {
  return ({ pattern, copy }) => {
    const first = round('kill', step(at));
    if (pattern === 'once') return [first];
    return [first, round('kill', step(pattern === 'twice' ? again : pick(later, copy)))];
  };
}

/** The crash points of the design. */
export const POINTS: readonly CrashPoint[] = [
  { name: 'before POST', rounds: kill('submitGiven', AFTER_SUBMIT) },
  {
    name: 'POST sent, reply lost',
    rounds(variant) {
      const byNetwork = variant.pattern === 'once' && variant.copy % 3 === 2;
      if (byNetwork) return [round('none', step('submitAnswered', 'drop the reply'))];
      return kill('submitAnswered', AFTER_SUBMIT, 'looked')(variant);
    },
  },
  { name: 'reply received, not heartbeated', rounds: kill('idNotBeaten', AFTER_SUBMIT) },
  { name: 'heartbeated, worker dies', rounds: kill('submitUnrecorded', AFTER_SUBMIT) },
  { name: 'poll says done, copy not begun', rounds: kill('notCopied', AFTER_POLL) },
  { name: 'copy half written', rounds: kill('halfCopied', AFTER_POLL) },
  { name: 'copied, completion lost', rounds: kill('pollUnrecorded', AFTER_POLL) },
  {
    name: 'single-read body consumed, then lost',
    vendors: ['pulse'],
    singleRead: true,
    rounds: (variant) =>
      kill(pick(['halfFetched', 'fetched', 'notCopied'], variant.copy), ['pollGiven'], 'pollGiven')(variant),
    ending: () => 'consumed',
  },
  {
    name: 'cancel requested, worker dies',
    rounds({ pattern, copy }) {
      const at = pick<MomentName>(['cancelGiven', 'cancelSent', 'cancelAnswered', 'cancelUnrecorded'], copy);
      const first = round('kill', step('read', 'cancel'), step(at));
      if (pattern === 'once') return [first];
      return [first, round('kill', step(pattern === 'twice' ? at : pick(AFTER_CANCEL, copy)))];
    },
    ending: () => 'cancelled',
  },
  {
    name: 'vendor completes after cancel',
    rounds({ pattern, copy }) {
      const asked = step('read', 'cancel, ignored by the vendor');
      const first = round('kill', asked, step('cancelAnswered', 'finish the job'));
      if (pattern === 'once') return [first];
      return [first, round('kill', step(pattern === 'twice' ? 'cancelAnswered' : pick(AFTER_CANCEL, copy)))];
    },
    ending: () => 'completed anyway',
  },
  {
    name: 'workflow reset',
    rounds({ pattern }) {
      const reset = round('none', step('read', 'reset'));
      if (pattern === 'once') return [reset];
      return [reset, pattern === 'twice' ? reset : round('kill', step('looked'))];
    },
  },
  {
    name: 'attempt stalled past its time-out',
    rounds({ pattern, copy }) {
      const first = round('stall', step('submitAnswered'));
      if (pattern === 'once') return [first];
      return [
        first,
        pattern === 'twice' ? round('stall', step('looked')) : round('kill', step(pick(AFTER_POLL, copy))),
      ];
    },
  },
  {
    name: 'terminated during submit',
    rounds({ pattern, copy }) {
      const at = pick<MomentName>(['submitUnrecorded', 'submitAnswered'], copy);
      const first = step(at, 'terminate');
      if (pattern === 'once') return [round('none', first)];
      return pattern === 'twice' ? [round('kill', first)] : [round('none', first), round('kill in reap')];
    },
    ending: () => 'terminated',
  },
  {
    name: 'started twice',
    rounds({ pattern }) {
      const again = round('none', step('startAnswered', 'start again'));
      if (pattern === 'once') return [again];
      return [again, pattern === 'twice' ? again : round('kill', step('submitAnswered'))];
    },
  },
  {
    name: 'reference expired between parse and extract',
    operations: ['extract', 'split'],
    rounds({ pattern }) {
      const forget = round('none', step('submitSent', 'forget the parse'));
      if (pattern === 'once') return [forget];
      if (pattern === 'twice') return [forget, forget];
      return [forget, round('kill', { at: 'submitAnswered', during: 'parse' })];
    },
    ending: ({ pattern }) => (pattern === 'twice' ? 'reference expired' : 'complete'),
  },
  {
    name: 'deploy in mid-flight',
    rounds({ pattern, copy }) {
      const at = pick<MomentName>(['submitAnswered', 'read', 'halfCopied'], copy);
      const first = round('deploy', step(at));
      if (pattern === 'once') return [first];
      return [first, round(pattern === 'twice' ? 'deploy' : 'kill', step('pollUnrecorded'))];
    },
  },
  {
    name: 'Temporal down',
    rounds({ pattern, copy }) {
      const at = pick<MomentName>(['idNotBeaten', 'submitUnrecorded', 'pollUnrecorded'], copy);
      const first = round('kill server', step(at));
      if (pattern === 'once') return [first];
      return [first, round(pattern === 'twice' ? 'kill server' : 'kill', step('pollUnrecorded'))];
    },
  },
  {
    name: 'key revoked in mid-flight',
    rounds({ pattern, copy }) {
      const first = round('none', step('read', 'revoke the key'));
      if (pattern === 'once') return [first];
      return [first, pattern === 'twice' ? first : round('kill', step(pick(AFTER_POLL, copy)))];
    },
  },
  {
    name: 'webhook before reply',
    webhooks: true,
    rounds({ pattern, copy }) {
      const first = round('kill', step('submitAnswered', 'let it call'));
      if (pattern === 'once') return [first];
      const again = pattern === 'twice' ? step('looked', 'let it call') : step(pick(AFTER_SUBMIT, copy));
      return [first, round('kill', again)];
    },
  },
  {
    name: 'Temporal down when the webhook arrives',
    webhooks: true,
    rounds({ pattern, copy }) {
      const first = round('kill server, calls refused', step('callSent'));
      if (pattern === 'once') return [first];
      return [first, pattern === 'twice' ? first : round('kill', step(pick(AFTER_POLL, copy)))];
    },
  },
  {
    name: 'receiver dies with the webhook',
    webhooks: true,
    rounds({ pattern, copy }) {
      const at = pick<MomentName>(['callTaken', 'callHandedOn'], copy);
      const first = round('kill receiver', step(at));
      if (pattern === 'once') return [first];
      return [
        first,
        pattern === 'twice' ? round('kill receiver', step('callTaken')) : round('kill', step(pick(AFTER_POLL, copy))),
      ];
    },
  },
];
