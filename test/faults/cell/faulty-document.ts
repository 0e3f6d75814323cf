import { type Deferred, deferred } from '../../support/deferred.js';
import type { Message, Verdict } from '../../support/gate.js';
import { MOMENTS } from '../plan/moments.js';
import type { Act, Ending, Run, Step, Strike } from '../plan/run.js';
import { Traces } from './traces.js';

/** What a document was doing when it was struck. */
export interface Impact {
  strike: Strike;
  acts: Act[];
  state: string;
}

/** What the cell does for a document. */
export interface Hands {
  /** @returns what is to become of the message that was held meanwhile. */
  act(document: FaultyDocument, act: Act): Promise<Verdict>;
  /** The vendor's job as it is now: `no job`, `InProgress` … */
  jobState(jobId: string | undefined): string;
  /** Ends a job that runs. */
  finish(jobId: string): Promise<void>;
}

/** A message that waits for the strike, and whatever of the document comes after it. */
interface Held {
  itself: Deferred<Verdict>;
  others: Deferred<Verdict>;
}

/** Runs whose last job is cancelled, or would run on. */
const NEVER_END: ReadonlySet<Ending> = new Set(['cancelled', 'completed anyway', 'terminated']);

/**
 * One document on its way through its fault schedule. It sees each message of its own before the message is passed on, and holds the one that
 * is at the next moment of its schedule until it is struck.
 */
export class FaultyDocument {
  readonly traces: Traces;
  readonly impacts: Impact[] = [];
  /** How long it was held for others, ms. */
  heldMs = 0;
  isOver = false;
  /** The vendor refuses its key so many times more. */
  refusals = 0;
  private round = 0;
  private step = 0;
  private acts: Act[] = [];
  private held: Held | null = null;
  /** It was struck before it came to its moment: what its schedule had to do there was never done. */
  private isOffSchedule = false;

  /** @param token stands in all that its messages call it by. */
  constructor(
    readonly run: Run,
    token: string,
    readonly workflowId: string,
    private readonly hands: Hands,
  ) {
    this.traces = new Traces(token);
  }

  get isHeld(): boolean {
    return this.held !== null;
  }

  /** How many rounds are behind it. */
  get roundsDone(): number {
    return this.round;
  }

  owns(message: Message): boolean {
    // A look at the vendor's list is shared by all that wait for one.
    if (message.kind === 'list') return this.wanted?.at === 'looked' && this.traces.submitsGiven > 0;
    return this.traces.areIn(message);
  }

  /** @returns once the message may go on. */
  async see(message: Message): Promise<Verdict> {
    this.traces.note(message);
    if (this.held !== null) return this.held.others.promise;
    if (this.isOver) return 'pass';
    if (message.kind === 'get' && message.phase === 'request') await this.endJob(message);
    const { wanted } = this;
    if (wanted === undefined || !this.isAt(wanted, message)) return this.withItsKey(message);
    if (MOMENTS[wanted.at].half && message.phase !== 'half') return 'half';
    const round = this.run.rounds[this.round]!;
    const isLast = this.step === round.steps.length - 1;
    const state = `${MOMENTS[wanted.at].says}; ${this.hands.jobState(this.traces.jobId)}`;
    if (isLast && round.strike !== 'none') return this.waitForStrike(wanted, round.strike, state);
    // Before the act, which may bring about the next step.
    this.acts.push(...(wanted.act === undefined ? [] : [wanted.act]));
    if (isLast) this.endRound('none', state);
    else this.step += 1;
    return wanted.act === undefined ? 'pass' : this.hands.act(this, wanted.act);
  }

  /**
   * Strikes it, where it is held or wherever it is.
   * @param fate of the held message; what has come after it goes on at once, unless it is dropped.
   */
  strike(strike: Strike, fate: Verdict | Promise<Verdict>): void {
    const { held } = this;
    this.held = null;
    if (held === null) {
      this.isOffSchedule = true;
      return this.endRound(strike, `elsewhere: ${this.traces.lastSeen}`);
    }
    held.itself.resolve(fate);
    held.others.resolve(fate === 'drop' ? 'drop' : 'pass');
  }

  private get wanted(): Step | undefined {
    return this.run.rounds[this.round]?.steps[this.step];
  }

  private isAt({ at, during }: Step, message: Message): boolean {
    // Half of a write has passed on its way there, half of a read on its way back.
    const whole = message.kind === 'put' ? 'request' : 'reply';
    const isThere = MOMENTS[at].matches(message.phase === 'half' ? { ...message, phase: whole } : message);
    return isThere && (at === 'startAnswered' || (during ?? this.run.operation) === this.traces.operation);
  }

  private async waitForStrike({ act }: Step, strike: Strike, state: string): Promise<Verdict> {
    const held = { itself: deferred<Verdict>(), others: deferred<Verdict>() };
    if (act !== undefined) {
      this.acts.push(act);
      await this.hands.act(this, act);
    }
    this.held = held;
    const since = Date.now();
    void held.others.promise.then(() => this.endRound(strike, state));
    const verdict = await held.itself.promise;
    this.heldMs += Date.now() - since;
    return verdict;
  }

  private endRound(strike: Strike, state: string): void {
    this.impacts.push({ strike, acts: this.acts, state });
    this.round += 1;
    this.step = 0;
    this.acts = [];
    this.traces.submitsGiven = 0;
  }

  private withItsKey({ kind, phase }: Message): Verdict {
    if (this.refusals === 0 || phase !== 'request' || kind !== 'get') return 'pass';
    this.refusals -= 1;
    return 'wrong-key';
  }

  /** A job ends when it is asked for and nothing of the schedule wants it running: one that nobody asks for runs for ever. */
  private async endJob(message: Message): Promise<void> {
    const { wanted } = this;
    const isEarlier = this.traces.operation !== (wanted?.during ?? this.run.operation);
    const endsAtLast = this.isOffSchedule || !NEVER_END.has(this.run.ending);
    const mayEnd = wanted === undefined ? endsAtLast : MOMENTS[wanted.at].ended === true;
    if (!isEarlier && !mayEnd) return;
    const jobId = this.traces.jobIn(message);
    if (jobId !== undefined) await this.hands.finish(jobId);
  }
}
