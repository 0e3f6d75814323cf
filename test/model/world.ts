import type { Client, WorkflowHandle } from '@temporalio/client';
import { memoryStore, pulse, reducto, ResultStoreError, type Provider, type ResultStore } from '../../src/index.js';
import { createSandbox, type Sandbox } from '../../src/sandbox/index.js';
import type { Message, Verdict } from '../support/gate.js';
import { startHttpProxy, type HttpProxy } from '../support/http-proxy.js';
import { type ActStage, HOLDING, onVendor, onWire } from './acts.js';
import type { Attempts } from './attempts.js';
import { Calls } from './call-acts.js';
import { vendorCall } from './calls.js';
import { mortalProvider, mortalStore } from './mortal.js';
import { cancelNow, Pauses } from './pauses.js';
import type { CallKind, Event, ModelOperation, Schedule } from './schedule.js';

/** The key that no history may show. */
export const KEY = 'canary-key-5f1c9e';

/** What the world needs of the lane that it stands in. */
export interface Surroundings {
  attempts: Attempts;
  /** Simulated time, ms since the epoch. */
  now: () => Promise<number>;
  restartWorker: () => Promise<void>;
  /** Of the webhook receiver. */
  client: Client;
  taskQueue: string;
  /** Time stands still, or may be skipped again. */
  holdTime: () => Promise<void>;
  releaseTime: () => Promise<void>;
}

/** Breaks the package for a test of the model itself. */
export type Sabotage = (provider: Provider) => Provider;

/** A call that is under way. */
export interface Call {
  kind: CallKind;
  of: ModelOperation | undefined;
  jobId?: string;
  events: Event[];
  /** What shall become of its reply. */
  reply: Verdict;
}

/** Vendor, network and user of one document: plays the events of its schedule. */
export class World {
  /** Events that came about, in order. */
  readonly fired: Event[] = [];
  /** Cancels that the vendor was asked for. */
  cancels = 0;
  /** Jobs that do not end at their next read either. */
  readonly endless = new Set<string>();
  readonly bodies = memoryStore();
  readonly store: ResultStore;
  readonly #pauses: Pauses;
  readonly #asleep: Promise<unknown>[] = [];
  readonly #counts = new Map<string, number>();
  readonly #calls = new Map<string, Call>();
  /** One for each worker that there was. */
  readonly #providers: Provider[] = [];
  readonly #mistakes: unknown[] = [];
  #proxy!: HttpProxy;
  #webhooks: Calls | undefined;

  private constructor(
    readonly schedule: Schedule,
    readonly sandbox: Sandbox,
    private readonly around: Surroundings,
    private readonly sabotage: Sabotage,
    readonly handle: WorkflowHandle,
  ) {
    const onPut = (key: string, phase: 'request' | 'reply'): Promise<void> => this.#seePut(key, phase);
    this.#pauses = new Pauses(handle, around.attempts);
    this.store = mortalStore(this.bodies, around.attempts.checkAlive, onPut);
  }

  static async create(
    schedule: Schedule,
    around: Surroundings,
    sabotage: Sabotage,
    handle: WorkflowHandle,
  ): Promise<World> {
    const { listLagMs = 0, hidesMetadata, urlResults, calls } = schedule.vendorHas;
    const sandbox = await createSandbox({
      key: KEY,
      now: around.now,
      faults: [{ job: 'stuck' }, ...(calls ? [{ event: 'lost' } as const] : [])],
      reducto: { listSettleMs: listLagMs, echoMetadata: !hidesMetadata, ...(urlResults && { urlResultBytes: 10 }) },
      pulse: urlResults ? { largeBytes: 10 } : {},
    });
    const world = new World(schedule, sandbox, around, sabotage, handle);
    const kindOf = (method: string, path: string): string | null => vendorCall(method, path)?.kind ?? null;
    world.#proxy = await startHttpProxy(sandbox.url, kindOf, (message) =>
      world.#see(message).catch((error: unknown) => {
        world.#mistakes.push(error);
        throw error;
      }),
    );
    if (calls) {
      world.#webhooks = await Calls.open(world, around, {
        held: (work) => world.#pauses.whileHeld(work),
        asleep: (work) => world.#onceAsleep(() => world.#pauses.untilHeard(work)),
      });
    }
    world.renewProvider();
    return world;
  }

  get provider(): Provider {
    return this.#providers.at(-1)!;
  }

  /** As a new process has it. */
  renewProvider(): void {
    const webhook = this.#webhooks === undefined ? {} : { webhook: { mode: 'svix' as const } };
    const access = { apiKey: KEY, baseUrl: `${this.#proxy.url}/${this.schedule.vendor}`, ...webhook };
    const provider = this.schedule.vendor === 'reducto' ? reducto(access) : pulse(access);
    this.#providers.push(mortalProvider(this.sabotage(provider), this.around.attempts.checkAlive));
  }

  /** Waits for what is still to happen. @throws what went wrong in the world itself, as opposed to what it plays. */
  async settle(): Promise<void> {
    await Promise.all(this.#asleep);
    await this.#webhooks?.callLate();
    if (this.#mistakes.length > 0) throw this.#mistakes[0];
  }

  async close(): Promise<void> {
    await Promise.all(this.#providers.map((provider) => provider.close()));
    await this.#proxy[Symbol.asyncDispose]();
    await this.#webhooks?.close();
    await this.sandbox.close();
  }

  async #see({ phase, text }: Message): Promise<Verdict> {
    // Of a reply that is passed on in halves, the second half is lost.
    if (phase === 'half') return 'drop';
    const [method = '', path = ''] = text.split(' ', 2);
    const seen = vendorCall(method, path)!;
    const of = seen.of ?? this.#operationOf(seen.jobId);
    return phase === 'request' ? this.#request({ ...seen, of }) : this.#reply(seen.kind, of);
  }

  #operationOf(jobId: string | undefined): ModelOperation | undefined {
    return this.sandbox.ledger.jobs().find((job) => job.jobId === jobId)?.operation as ModelOperation | undefined;
  }

  async #request({ kind, of, jobId }: Pick<Call, 'kind' | 'of' | 'jobId'>): Promise<Verdict> {
    if (kind === 'cancel' && jobId !== undefined) await this.#pauses.untilPollsEnded(jobId);
    const call: Call = { kind, of, events: this.#eventsOf(kind, of), reply: 'pass', ...(jobId && { jobId }) };
    this.#calls.set(keyOf(kind, of), call);
    for (const event of call.events) await this.#act(event, 'before', call);
    if (this.#isDead(call)) return 'drop';
    const wire = onWire(call.events, this.schedule.vendor);
    if (wire !== null) {
      this.fired.push(wire.event);
      call.reply = wire.reply;
      if (wire.answer !== undefined) {
        const operation = kind === 'list' || of === undefined ? {} : { operation: of };
        this.sandbox.faults.add({
          on: kind as 'submit',
          ...operation,
          call: { from: 1, to: wire.times ?? 1 },
          do: wire.answer,
        });
      }
    }
    if (kind === 'cancel') this.cancels += 1;
    await onVendor(this, call);
    return wire?.request ?? 'pass';
  }

  async #reply(kind: CallKind, of: ModelOperation | undefined): Promise<Verdict> {
    const call = this.#calls.get(keyOf(kind, of))!;
    for (const event of call.events) await this.#act(event, 'after', call);
    return this.#isDead(call) ? 'drop' : call.reply;
  }

  async #seePut(key: string, phase: 'request' | 'reply'): Promise<void> {
    if (key.endsWith('.claim.json')) return;
    const of = key.split('/')[2] as ModelOperation;
    const call: Call =
      phase === 'request'
        ? { kind: 'put', of, events: this.#eventsOf('put', of), reply: 'pass' }
        : this.#calls.get(keyOf('put', of))!;
    this.#calls.set(keyOf('put', of), call);
    for (const event of call.events) {
      await this.#act(event, phase === 'request' ? 'before' : 'after', call);
      const isAfter = event.do === 'store in trouble after the write';
      const isTrouble = isAfter || event.do === 'store in trouble' || event.do === 'store refuses';
      if (!isTrouble || isAfter !== (phase === 'reply')) continue;
      this.fired.push(event);
      throw new ResultStoreError(event.do, event.do !== 'store refuses');
    }
  }

  #eventsOf(kind: CallKind, of: ModelOperation | undefined): Event[] {
    const key = keyOf(kind, of);
    const nth = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, nth);
    return this.schedule.events.filter(
      (event) => event.on === kind && event.nth === nth && (kind === 'list' || event.of === of),
    );
  }

  #isDead({ kind, of }: Call): boolean {
    const callers = this.around.attempts.callersOf(kind, kind === 'list' ? undefined : of);
    return callers.length > 0 && callers.every(({ isDead }) => isDead);
  }

  async #act(event: Event, stage: ActStage, call: Call): Promise<void> {
    if (stage === 'after') await this.#webhooks?.act(event, call.of);
    const holding = HOLDING[event.do];
    if (holding?.stage !== stage) return;
    const callers = this.around.attempts.callersOf(call.kind, call.kind === 'list' ? undefined : call.of);
    switch (holding.what) {
      case 'die':
        for (const one of callers) one.isDead = true;
        this.fired.push(event);
        return;
      case 'die unreported':
        for (const one of callers) one.diesUnreported = true;
        this.fired.push(event);
        return;
      case 'restart':
        return this.#pauses.whileHeld(() => {
          this.fired.push(event);
          return this.around.restartWorker();
        });
      case 'cancel':
        return this.#pauses.whileHeld(() => {
          this.fired.push(event);
          return cancelNow(this.handle);
        });
      case 'cancel asleep':
        return this.#onceAsleep(() => {
          this.fired.push(event);
          return cancelNow(this.handle);
        });
    }
  }

  async #onceAsleep(work: () => Promise<unknown>): Promise<void> {
    await this.around.holdTime();
    const done = this.#pauses.whileAsleep(work).catch((error: unknown) => this.#mistakes.push(error));
    this.#asleep.push(done.finally(() => this.around.releaseTime()));
  }
}

const keyOf = (kind: CallKind, of: ModelOperation | undefined): string => (kind === 'list' ? kind : `${kind} ${of}`);
