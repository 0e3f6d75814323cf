import { defaultPayloadConverter } from '@temporalio/common';
import proto, { type coresdk, type temporal } from '@temporalio/proto';
import type { Workflow } from '@temporalio/worker/lib/workflow/interface.js';
import type { ReusableVMWorkflowCreator } from '@temporalio/worker/lib/workflow/reusable-vm.js';
import { ACTIVITY, WORKFLOW } from '../../../src/jobs/names.js';
import type { AwaitBatchInput, BatchPageInput, RecordBatchInput } from '../../../src/jobs/batch-activities.js';
import { createBareWorkflow } from '../../bare-workflow.js';
import { Agenda } from './agenda.js';
import type { Documents } from './documents.js';

type Payload = temporal.api.common.v1.IPayload;
type Job = coresdk.workflow_activation.IWorkflowActivationJob;
type Command = coresdk.workflow_commands.IWorkflowCommand;

/** How the server and the workers of a quick cluster would answer, ms. */
const TASK_MS = 50;
const START_MS = 30;
const ACTIVITY_MS = 50;
const PLAN_MS = 5_000;
const GATHER_MS = 1_000;
/** From where on the server suggests a new run: its defaults. */
const SUGGEST_EVENTS = 4_096;
const SUGGEST_BYTES = 4 * 1024 * 1024;
/** Of an event beside its payloads, as `bench -- batch` finds it on a server. */
const EVENT_BYTES = 160;

export interface Counts {
  runs: number;
  tasks: number;
  events: number;
  bytes: number;
  actions: number;
  /** Of the state that a run gave to its next one. */
  stateBytes: number[];
}

/** One run of the batch's workflow, in a virtual time of its own: what its commands ask for happens, and is told to it. */
export class ParentRun {
  readonly #agenda = new Agenda<() => Job | null>();
  readonly #cancelledTimers = new Set<number>();
  #events = 1;
  #bytes = 0;
  #now: number;

  constructor(
    private readonly creator: ReusableVMWorkflowCreator,
    private readonly documents: Documents,
    private readonly counts: Counts,
    now: number,
  ) {
    this.#now = now;
  }

  /** @returns when it ended, and what the next run is given; null: the batch is over. */
  async toEnd(args: Payload[], onTask: () => void): Promise<{ now: number; next: Payload[] | null }> {
    const runId = `run-${++this.counts.runs}`;
    this.#bytes += sizeOf(args);
    this.counts.actions += 1;
    const workflow = await createBareWorkflow(this.creator, {
      workflowType: WORKFLOW.processBatch,
      workflowId: 'batch',
      runId,
      firstExecutionRunId: 'run-1',
      now: this.#now,
    });
    try {
      let jobs: Job[] = [{ initializeWorkflow: initialisation(runId, args, this.#now) }];
      for (;;) {
        const commands = await this.#activate(workflow, runId, jobs);
        onTask();
        for (const command of commands) this.#obey(command);
        const closing = commands.find((one) => one.completeWorkflowExecution ?? one.continueAsNewWorkflowExecution);
        if (closing !== undefined) return { now: this.#now, next: this.#close(closing) };
        jobs = this.#next();
      }
    } finally {
      await workflow.dispose();
    }
  }

  async #activate(workflow: Workflow, runId: string, jobs: Job[]): Promise<Command[]> {
    // Scheduled, started.
    this.#events += 2;
    const { seconds, nanos } = timestamp(this.#now);
    const activation = proto.coresdk.workflow_activation.WorkflowActivation.fromObject({
      runId,
      timestamp: { seconds, nanos },
      isReplaying: false,
      historyLength: this.#events,
      historySizeBytes: this.#bytes + this.#events * EVENT_BYTES,
      continueAsNewSuggested:
        this.#events >= SUGGEST_EVENTS || this.#bytes + this.#events * EVENT_BYTES >= SUGGEST_BYTES,
      jobs,
    });
    const { successful, failed } = await workflow.activate(activation);
    if (failed || !successful) throw new Error(`the workflow task failed: ${JSON.stringify(failed?.failure)}`);
    this.counts.tasks += 1;
    this.#events += 1;
    return successful.commands ?? [];
  }

  /** All that has happened by the time of the next task. */
  #next(): Job[] {
    const { nextAt } = this.#agenda;
    if (nextAt === undefined) throw new Error('the batch waits for nothing');
    this.#now = Math.max(this.#now, nextAt) + TASK_MS;
    const jobs: Job[] = [];
    for (let happen = this.#agenda.take(this.#now); happen; happen = this.#agenda.take(this.#now)) {
      const job = happen();
      if (job !== null) jobs.push(job);
    }
    return jobs.length > 0 ? jobs : this.#next();
  }

  #obey(command: Command): void {
    const { startChildWorkflowExecution: child, scheduleActivity, startTimer, cancelTimer, userMetadata } = command;
    this.#bytes += sizeOf([userMetadata?.summary, userMetadata?.details]);
    if (child) this.#startChild(child);
    else if (scheduleActivity) this.#scheduleActivity(scheduleActivity);
    else if (startTimer) this.#startTimer(startTimer);
    else if (cancelTimer) {
      this.#events += 1;
      this.#cancelledTimers.add(cancelTimer.seq ?? 0);
    } else if (!command.completeWorkflowExecution && !command.continueAsNewWorkflowExecution) {
      throw new Error(`a command that nobody expected: ${JSON.stringify(command)}`);
    }
  }

  #startChild({ seq = 0, workflowId, input }: coresdk.workflow_commands.IStartChildWorkflowExecution): void {
    const id = workflowId ?? '';
    this.#events += 1;
    this.counts.actions += 2;
    this.#bytes += sizeOf(input);
    const begin = this.#now + START_MS;
    this.#agenda.add(begin, () => {
      this.#events += 1;
      return { resolveChildWorkflowExecutionStart: { seq, succeeded: { runId: `of ${id}` } } };
    });
    this.#agenda.add(this.documents.start(id, begin), () => {
      const result = this.#payload(this.documents.tellEnd(id));
      return { resolveChildWorkflowExecution: { seq, result: { completed: { result } } } };
    });
  }

  #scheduleActivity({ seq = 0, activityType, arguments: args }: coresdk.workflow_commands.IScheduleActivity): void {
    const { documents } = this;
    this.#events += 1;
    this.counts.actions += 1;
    this.#bytes += sizeOf(args);
    const asked = args?.[0] ? defaultPayloadConverter.fromPayload<unknown>(args[0]) : undefined;
    const resolve = (at: number, answer: () => unknown): void =>
      this.#agenda.add(at, () => {
        // Started, completed.
        this.#events += 1;
        const result = this.#payload(answer());
        return { resolveActivity: { seq, isLocal: false, result: { completed: { result } } } };
      });
    const soon = this.#now + ACTIVITY_MS;
    if (activityType === ACTIVITY.planBatch) resolve(this.#now + PLAN_MS, () => documents.plan());
    else if (activityType === ACTIVITY.batchPage) resolve(soon, () => documents.page(asked as BatchPageInput));
    else if (activityType === ACTIVITY.recordBatch) resolve(soon, () => documents.record(asked as RecordBatchInput));
    else if (activityType === ACTIVITY.awaitBatch) {
      const input = asked as AwaitBatchInput;
      const at = Math.max(soon, documents.firstEnd(input)) + GATHER_MS;
      resolve(at, () => documents.await(input, at));
    } else throw new Error(`an activity that nobody knows: ${activityType}`);
  }

  #startTimer({ seq = 0, startToFireTimeout }: coresdk.workflow_commands.IStartTimer): void {
    const { seconds = 0, nanos } = startToFireTimeout ?? {};
    this.#events += 1;
    this.counts.actions += 1;
    this.#agenda.add(this.#now + Number(seconds) * 1_000 + (nanos ?? 0) / 1e6, () => {
      if (this.#cancelledTimers.delete(seq ?? 0)) return null;
      this.#events += 1;
      return { fireTimer: { seq } };
    });
  }

  /** What an event carries. */
  #payload(value: unknown): Payload {
    this.#events += 1;
    const payload: Payload = defaultPayloadConverter.toPayload(value);
    this.#bytes += sizeOf([payload]);
    return payload;
  }

  #close({ continueAsNewWorkflowExecution: next }: Command): Payload[] | null {
    this.counts.events += this.#events + 1;
    this.counts.bytes += this.#bytes + this.#events * EVENT_BYTES;
    if (!next) return null;
    const args = next.arguments ?? [];
    this.counts.stateBytes.push(sizeOf(args.slice(1)));
    return args;
  }
}

function initialisation(runId: string, args: Payload[], now: number): coresdk.workflow_activation.IInitializeWorkflow {
  return proto.coresdk.workflow_activation.InitializeWorkflow.fromObject({
    workflowType: WORKFLOW.processBatch,
    workflowId: 'batch',
    arguments: args,
    firstExecutionRunId: 'run-1',
    originalExecutionRunId: runId,
    attempt: 1,
    startTime: timestamp(now),
  });
}

const timestamp = (ms: number) => ({ seconds: Math.floor(ms / 1_000), nanos: Math.floor(ms % 1_000) * 1e6 });

const sizeOf = (payloads: readonly (Payload | null | undefined)[] | null | undefined): number =>
  (payloads ?? []).reduce((sum, payload) => sum + (payload?.data?.length ?? 0), 0);
