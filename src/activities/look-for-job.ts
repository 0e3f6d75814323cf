import type { Provider, WantedJob } from '../providers/provider.js';
import { VendorError } from '../providers/vendor-error.js';
import type { Clock } from './clock.js';
import type { Heart } from './heart.js';

/** The job that a submit may have made, as the vendor's list shows it. */
export type Look =
  | { kind: 'found'; jobId: string; marker?: string }
  | { kind: 'absent' }
  /** The vendor gives no way to look. */
  | { kind: 'unsupported' }
  /** More than one job carries the marker. */
  | { kind: 'ambiguous'; reason: string }
  /** The list could not be read once the job had to be in it. */
  | { kind: 'unreadable'; reason: string };

export interface LookFor extends WantedJob {
  /** How long an absent job may still turn up, ms; 0 = one look decides. */
  settleMs: number;
}

const EVERY_MS = 1_000;
/** Past the vendor's settling time: a list that was read exactly on it may be the one before. */
const MARGIN_MS = 500;
/** How long a list that fails is asked again before the attempt gives up and the next one looks. */
const PATIENCE_MS = 5_000;

/** Reads the vendor's job list until the job is there, or until it would have to be. @throws the signal's reason when aborted. */
export async function lookForJob(
  provider: Provider,
  wanted: LookFor,
  clock: Clock,
  heart: Heart,
  signal: AbortSignal,
): Promise<Look> {
  if (provider.findJob === undefined) return { kind: 'unsupported' };
  const started = await clock.elapsed();
  const certainAt = started + (wanted.settleMs > 0 ? wanted.settleMs + MARGIN_MS : 0);
  for (;;) {
    signal.throwIfAborted();
    // A list that was asked for before the job had to be in it proves nothing.
    const askedAt = await clock.elapsed();
    const look = await lookOnce(provider, wanted, signal);
    if (look.kind !== 'absent' && look.kind !== 'unreadable') return look;
    if (look.kind === 'absent' && askedAt >= certainAt) return look;
    if (look.kind === 'unreadable' && askedAt >= certainAt + PATIENCE_MS) return look;
    await heart.rest(EVERY_MS);
  }
}

async function lookOnce(provider: Provider, wanted: LookFor, signal: AbortSignal): Promise<Look> {
  try {
    const found = await provider.findJob?.(wanted, { signal });
    if (found === undefined || found === 'unsupported') return { kind: 'unsupported' };
    return found === null ? { kind: 'absent' } : { kind: 'found', ...found };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof VendorError)) throw error;
    if (error.kind === 'ambiguous') return { kind: 'ambiguous', reason: error.facts.reason };
    // Refused for good: this key may submit but not list.
    if (error.kind === 'rejected') return { kind: 'unsupported' };
    return { kind: 'unreadable', reason: error.message };
  }
}
