import { formatDuration } from '../../jobs/duration.js';
import { ok, problem, skipped, type Verdict, warning } from './check.js';

/** A reply of another machine, and when by our clock; all in ms since the epoch. */
export interface ClockReading {
  sentAt: number;
  answeredAt: number;
  /** Of the reply's `Date` header, which is cut to the second. */
  date: number;
}

/** Signed URLs and tokens begin to fail. */
const OFF_MS = 60_000;
/** The window of webhook signatures, and of most clouds' requests. */
const WRONG_MS = 5 * 60_000;
const MEND = "set this machine's clock by NTP (timedatectl set-ntp true, or the host's clock for a container)";

/** By how much the other's clock is certainly ahead of ours, ms; negative when it is behind; 0 when both may be right. */
export function skewOf({ sentAt, answeredAt, date }: ClockReading): number {
  const [least, most] = [date - answeredAt, date + 1_000 - sentAt];
  if (least > 0) return least;
  return most < 0 ? most : 0;
}

/** @param reading null when nothing answered, or without a date. */
export function clockVerdict(reading: ClockReading | null, whose: string): Verdict {
  if (reading === null) return skipped(`${whose} has not told its time`);
  return skewVerdict(skewOf(reading), whose) ?? ok(`agrees with ${whose}'s`);
}

/** @returns null when both clocks may be right. */
export function skewVerdict(skewMs: number, whose: string): Verdict | null {
  const off = Math.abs(skewMs);
  if (off <= OFF_MS) return null;
  const words = `${formatDuration(off)} ${skewMs > 0 ? 'behind' : 'ahead of'} ${whose}'s`;
  if (off <= WRONG_MS) return warning(`${words}: signed URLs may be refused`, MEND);
  return problem(`${words}: signed URLs and webhooks are refused`, MEND);
}
