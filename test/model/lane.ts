import { randomUUID } from 'node:crypto';
import { Client } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { createDocumentActivities, type ResultStore } from '../../src/index.js';
import { Attempts } from './attempts.js';
import type { DocumentActivities } from '../../src/jobs/activities.js';
import type { Schedule } from './schedule.js';
import { type Sabotage, type Surroundings, World } from './world.js';

const STEADY = 'steady';
/**
 * Of documents whose worker restarts. It keeps no workflow in its cache: this server could not be told that it is gone with what it holds.
 * So each step replays those before it, too.
 */
const RESTARTING = 'restarting';
/** Its pollers end before its activities do: a task that one of them is handed late would be lost. */
const GRACE = '200ms';

/** Where a schedule's workflow and activities run. */
export const taskQueueOf = ({ events }: Schedule): string =>
  events.some(({ do: what }) => what.startsWith('worker restarts')) ? RESTARTING : STEADY;

interface RunningWorker {
  end: () => Promise<void>;
}

/** Where lanes come from. */
export interface LaneFiles {
  /** Bundle of the package's workflows. */
  bundlePath: string;
  testServerPath: string;
}

/** A time-skipping server and a worker. They play one document after the other: the server's time is one for all of its workflows. */
export class Lane implements AsyncDisposable {
  readonly attempts = new Attempts();
  /** Lets no time be skipped by itself. */
  readonly client: Client;
  #world: World | null = null;
  /** By task queue. */
  readonly #workers = new Map<string, Promise<RunningWorker>>();
  readonly #draining: Promise<void>[] = [];
  /** As a new process has them: what they have learned of an earlier document is no part of the next one. */
  #activities = this.#newActivities();
  /** What activities have slept, ms: their sleeps end at once, and only add to the time. */
  #slept = 0;

  private constructor(
    private readonly env: TestWorkflowEnvironment,
    private readonly files: LaneFiles,
  ) {
    this.client = new Client({ connection: env.connection });
  }

  static async open(files: LaneFiles): Promise<Lane> {
    const executable = { type: 'existing-path', path: files.testServerPath } as const;
    return new Lane(await TestWorkflowEnvironment.createTimeSkipping({ server: { executable } }), files);
  }

  /** Gives the lane to one document. */
  async enter(schedule: Schedule, sabotage: Sabotage): Promise<World> {
    this.#slept = 0;
    this.#activities = this.#newActivities();
    await this.#workerFor(taskQueueOf(schedule));
    const handle = this.client.workflow.getHandle(`model-${randomUUID()}`);
    this.#world = await World.create(schedule, this.#surroundings(taskQueueOf(schedule)), sabotage, handle);
    return this.#world;
  }

  async leave(): Promise<void> {
    await Promise.all(this.#draining.splice(0));
    await this.#world?.close();
    this.#world = null;
  }

  /** The server may skip time. */
  async releaseTime(): Promise<void> {
    await this.env.connection.testService!.unlockTimeSkipping({});
  }

  async holdTime(): Promise<void> {
    await this.env.connection.testService!.lockTimeSkipping({});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#workers.values()].map(async (worker) => (await worker).end()));
    await this.leave();
    await this.env.teardown();
  }

  #surroundings(taskQueue: string): Surroundings {
    return {
      client: this.client,
      taskQueue,
      attempts: this.attempts,
      now: () => this.#now(),
      releaseTime: () => this.releaseTime(),
      holdTime: () => this.holdTime(),
      restartWorker: async () => {
        const old = await this.#workerFor(RESTARTING);
        const told = this.attempts.running.map((one) => one.told);
        this.#draining.push(old.end());
        this.#workers.delete(RESTARTING);
        this.#world?.renewProvider();
        this.#activities = this.#newActivities();
        await Promise.all([this.#workerFor(RESTARTING), ...told]);
      },
    };
  }

  async #now(): Promise<number> {
    return (await this.env.currentTimeMs()) + this.#slept;
  }

  #workerFor(taskQueue: string): Promise<RunningWorker> {
    const worker = this.#workers.get(taskQueue) ?? this.#startWorker(taskQueue);
    this.#workers.set(taskQueue, worker);
    return worker;
  }

  async #startWorker(taskQueue: string): Promise<RunningWorker> {
    const worker = await Worker.create({
      connection: this.env.nativeConnection,
      taskQueue,
      workflowBundle: { codePath: this.files.bundlePath },
      ...(taskQueue === RESTARTING && { maxCachedWorkflows: 0, shutdownGraceTime: GRACE }),
      activities: this.attempts.watch(this.#currentActivities()),
    });
    const running = worker.run();
    return {
      async end() {
        worker.shutdown();
        await running;
      },
    };
  }

  #newActivities(): DocumentActivities {
    const store = (): ResultStore => this.#world!.store;
    return createDocumentActivities({
      accounts: () => this.#world?.provider,
      results: {
        put: (...args) => store().put(...args),
        get: (key) => store().get(key),
        head: (key) => store().head(key),
        delete: (key) => store().delete(key),
      },
      now: () => this.#now(),
      sleep: async (ms) => {
        this.#slept += ms;
        await new Promise((resolve) => setImmediate(resolve));
      },
    });
  }

  #currentActivities(): DocumentActivities {
    const names = Object.keys(this.#activities) as (keyof DocumentActivities)[];
    const current = names.map((name) => [name, (input: never) => this.#activities[name](input)]);
    return Object.fromEntries(current) as DocumentActivities;
  }
}
