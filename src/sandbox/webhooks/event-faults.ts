import { z } from 'zod';

const ms = z.number().min(0);
const several = z.int().min(2).max(10_000);

const NAMED = [
  /** The job ends at once, and its event is sent before the submit is answered. */
  'early',
  /** It is never sent. */
  'lost',
  /** In its place comes one that a stranger made of it: another content under the old signature; without a signature, another token. Once. */
  'forged',
  /** Signed with a secret that the receiver does not know; without a signature, another token. */
  'wrong-secret',
  /** Each attempt says that it is from 10 minutes ago. */
  'old-timestamp',
] as const;
const named = z.enum(NAMED);
/** The first attempt comes so long after the job's end (real time). */
const late = z.strictObject({ lateMs: ms });
/** So many of the same message at the same time; 2 for doubled. */
const copies = z.strictObject({ copies: several });
/** Held until so many wait (5 s at most), then sent one after the other, the last first. */
const reversed = z.strictObject({ reversed: several });
/** Held until so many wait (5 s at most), then sent all at once. */
const together = z.strictObject({ together: several });

/** What happens to the event of a job's end. */
export type EventAct =
  | z.infer<typeof named>
  | z.infer<typeof late>
  | z.infer<typeof copies>
  | z.infer<typeof reversed>
  | z.infer<typeof together>;

/** The one schema that a value means to fit. */
export function eventActSchema(value: unknown): z.ZodType<EventAct> {
  if (typeof value === 'string') return named;
  for (const schema of [late, copies, reversed]) {
    const [key = ''] = Object.keys(schema.shape);
    if (typeof value === 'object' && value !== null && key in value) return schema;
  }
  return together;
}

/** What the script has in store for one job's event. */
export interface EventFaults {
  early: boolean;
  lost: boolean;
  forged: boolean;
  wrongSecret: boolean;
  oldTimestamp: boolean;
  lateMs: number;
  copies: number;
  /** How the event waits for others. */
  batch: { order: 'reversed' | 'together'; size: number } | null;
}

export const NO_EVENT_FAULTS: EventFaults = {
  early: false,
  lost: false,
  forged: false,
  wrongSecret: false,
  oldTimestamp: false,
  lateMs: 0,
  copies: 1,
  batch: null,
};

/** Several rules may meet one event; of two that say different things of the same, the first counts. */
export function toEventFaults(acts: readonly EventAct[]): EventFaults {
  const faults = { ...NO_EVENT_FAULTS };
  for (const act of [...acts].reverse()) {
    if (act === 'early') faults.early = true;
    else if (act === 'lost') faults.lost = true;
    else if (act === 'forged') faults.forged = true;
    else if (act === 'wrong-secret') faults.wrongSecret = true;
    else if (act === 'old-timestamp') faults.oldTimestamp = true;
    else if ('lateMs' in act) faults.lateMs = act.lateMs;
    else if ('copies' in act) faults.copies = act.copies;
    else if ('reversed' in act) faults.batch = { order: 'reversed', size: act.reversed };
    else faults.batch = { order: 'together', size: act.together };
  }
  return faults;
}
