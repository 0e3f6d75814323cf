import type { Operation } from '../jobs/types.js';
import type { CallAct, CallKind, CallRule, EventRule, FaultRule, JobRule, Nth } from './fault-rules.js';
import type { JobError } from './job-life.js';
import { parseFaults } from './parse-faults.js';
import type { VendorName } from './vendors.js';
import { type EventFaults, toEventFaults } from './webhooks/event-faults.js';

/** What the script has in store for one job. */
export interface JobFaults {
  stuck: boolean;
  vanished: boolean;
  failed: JobError | null;
  cancel: 'ignored' | 'completes-first' | 'error' | null;
  word: { statusWord: string; forMs: number } | null;
}

/** A call that is kept waiting. */
export interface Hold {
  /** Settles when the call has arrived. */
  reached: Promise<void>;
  /** Lets it go on. */
  release(): void;
}

export interface CallFilter {
  on: CallKind;
  /** Default: any. */
  provider?: VendorName;
  /** Default: any. */
  operation?: Operation;
}

/** The running fault script. */
export interface Faults {
  /** Replaces the script; counting starts anew. @throws Error of one line for a wrong rule */
  set(rules: readonly FaultRule[]): void;
  /** Adds a rule behind the others. */
  add(rule: FaultRule): void;
  clear(): void;
  rules(): FaultRule[];
  /** Keeps the next matching call waiting before anything has happened, to act while it is under way. */
  hold(filter: CallFilter): Hold;
}

export interface IncomingCall {
  on: CallKind;
  /** Null for what belongs to no vendor. */
  provider: string | null;
  /** Null when the call names none. */
  operation: Operation | null;
}

/** The part that the sandbox itself uses. */
export interface FaultEngine extends Faults {
  forCall(call: IncomingCall): CallAct | null;
  forJob: (provider: string, operation: Operation) => JobFaults;
  forEvent: (provider: string, operation: Operation) => EventFaults;
  /** Waits while the call is held. */
  held(call: IncomingCall): Promise<void>;
  releaseAll(): void;
}

interface WaitingHold extends CallFilter {
  arrive(): void;
  released: Promise<void>;
  release(): void;
}

export function createFaults(initial: readonly FaultRule[], random: () => number): FaultEngine {
  let script: { rule: FaultRule; seen: number }[] = [];
  const holds: WaitingHold[] = [];
  const taken = new Set<WaitingHold>();
  const load = (rules: readonly FaultRule[]): void => {
    script = parseFaults(rules).map((rule) => ({ rule, seen: 0 }));
  };
  load(initial);

  return {
    set: load,
    add: (rule) => void script.push(...parseFaults([rule]).map((checked) => ({ rule: checked, seen: 0 }))),
    clear: () => load([]),
    rules: () => script.map(({ rule }) => rule),
    forCall(call) {
      let fired: CallRule | null = null;
      for (const entry of script) {
        const { rule } = entry;
        if (!('on' in rule) || !matches(rule, call)) continue;
        entry.seen += 1;
        // Later rules go on counting calls, so that "the third" does not depend on what else fired.
        if (fired || !isNth(rule.call, entry.seen)) continue;
        if (rule.probability === undefined || random() < rule.probability) fired = rule;
      }
      return fired?.do ?? null;
    },
    forJob(provider, operation) {
      const fates: JobRule['job'][] = [];
      for (const entry of script) {
        const { rule } = entry;
        if (!('job' in rule) || !concerns(rule, { provider, operation })) continue;
        entry.seen += 1;
        if (isNth(rule.nth, entry.seen)) fates.push(rule.job);
      }
      return toJobFaults(fates);
    },
    forEvent(provider, operation) {
      const acts: EventRule['event'][] = [];
      for (const entry of script) {
        const { rule } = entry;
        if (!('event' in rule) || !concerns(rule, { provider, operation })) continue;
        entry.seen += 1;
        if (!isNth(rule.nth, entry.seen)) continue;
        if (rule.probability === undefined || random() < rule.probability) acts.push(rule.event);
      }
      return toEventFaults(acts);
    },
    hold(filter) {
      const [reached, arrive] = gate();
      const [released, release] = gate();
      const hold = { ...filter, arrive, released, release };
      holds.push(hold);
      return { reached, release };
    },
    async held(call) {
      const index = holds.findIndex((hold) => matches(hold, call));
      const [hold] = index < 0 ? [] : holds.splice(index, 1);
      if (!hold) return;
      taken.add(hold);
      hold.arrive();
      await hold.released;
      taken.delete(hold);
    },
    releaseAll() {
      for (const hold of [...holds, ...taken]) hold.release();
    },
  };
}

function matches(filter: CallFilter | CallRule, call: IncomingCall): boolean {
  return filter.on === call.on && concerns(filter, call);
}

function concerns(
  filter: Pick<CallFilter | JobRule | EventRule, 'provider' | 'operation'>,
  { provider, operation }: Pick<IncomingCall, 'provider' | 'operation'>,
): boolean {
  return (
    (filter.provider === undefined || filter.provider === provider) &&
    (filter.operation === undefined || filter.operation === operation)
  );
}

function isNth(nth: Nth | undefined, seen: number): boolean {
  if (nth === undefined) return true;
  return typeof nth === 'number' ? nth === seen : nth.from <= seen && seen <= nth.to;
}

function toJobFaults(fates: readonly JobRule['job'][]): JobFaults {
  const faults: JobFaults = { stuck: false, vanished: false, failed: null, cancel: null, word: null };
  for (const fate of fates) {
    if (fate === 'stuck') faults.stuck = true;
    else if (fate === 'vanished') faults.vanished = true;
    else if ('failed' in fate) faults.failed ??= { ...fate.failed, code: fate.failed.code ?? 500 };
    else if ('cancel' in fate) faults.cancel ??= fate.cancel;
    else faults.word ??= fate;
  }
  return faults;
}

function gate(): [opened: Promise<void>, open: () => void] {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return [opened, open];
}
