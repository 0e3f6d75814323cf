import type { Client, WorkflowHandle } from '@temporalio/client';
import type { Payload } from '@temporalio/common';

import { LEASE_MEMO } from '../jobs/names.js';
import { leaseWorkflowId } from '../jobs/reap.js';
import type { JobHolder, JobRef } from '../jobs/types.js';
import { retrieved } from './external-payload.js';

/** What of Temporal the reaper and a forgetting read, by the worker's own client. */

type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;
export type HistoryEvent = NonNullable<History['events']>[number];
/** As histories hold them. */
export type Payloads = { payloads?: Payload[] | null } | null | undefined;

export interface ClosedWorkflow {
  workflowId: string;
  runId: string;
  /** Decoded. */
  memo: (key: string) => Promise<unknown>;
}

export interface Temporal {
  /** One page of a visibility query. @param pageToken of the page before; empty for the first. */
  list(query: string, pageToken: string): Promise<{ workflows: ClosedWorkflow[]; next: string }>;
  history(workflowId: string, runId: string): Promise<HistoryEvent[]>;
  /** The same. @returns null when the server has deleted it. */
  historyIfKept(workflowId: string, runId: string): Promise<HistoryEvent[] | null>;
  /** All runs under a workflow id, the latest first: of the latest at least, on a server without lists. Empty when none is known. */
  runs(workflowId: string): Promise<string[]>;
  /** How long a closed workflow's history is kept, ms; null when the server does not tell. */
  retentionMs(): Promise<number | null>;
  /** Activities that had not ended when the workflow did, with what they last heartbeated. */
  pendingActivities(workflowId: string, runId: string): Promise<{ activityId: string; heartbeat: unknown }[]>;
  /**
   * Whether the workflow id's latest run is open, and of the same chain of runs. Asked of the server's own record, never of a list, which lags.
   */
  isOpen(holder: JobHolder): Promise<boolean>;
  /** Who has leased the job. */
  leaseHolders(job: JobRef): Promise<JobHolder[]>;
  /** The first value of an activity's or workflow's input or result; undefined when there is none. */
  decode(payloads: Payloads): Promise<unknown>;
}

const PAGE = 50;
const NOT_FOUND = 5;
/** Invalid argument, permission denied, unimplemented. */
const NO_LISTS = new Set([3, 7, 12]);
/** Of `WorkflowExecutionStatus`: completed, failed, cancelled, terminated, timed out. Any other may still do something. */
const CLOSED = new Set([2, 3, 4, 5, 7]);

export function temporalSide(client: Client): Temporal {
  const { workflowService } = client;
  const { namespace, loadedDataConverter } = client.options;
  const { payloadConverter, payloadCodecs } = loadedDataConverter;

  async function decode(payloads: Payloads): Promise<unknown> {
    const [first] = payloads?.payloads ?? [];
    if (!first) return undefined;
    let decoded: Payload[] = [await retrieved(first, loadedDataConverter)];
    for (const codec of [...payloadCodecs].reverse()) decoded = await codec.decode(decoded);
    return decoded[0] && payloadConverter.fromPayload(decoded[0]);
  }

  async function describe(workflowId: string, runId?: string) {
    try {
      const execution = { workflowId, ...(runId === undefined ? {} : { runId }) };
      return await workflowService.describeWorkflowExecution({ namespace, execution });
    } catch (error) {
      if ((error as { code?: unknown }).code === NOT_FOUND) return null;
      throw error;
    }
  }

  async function firstRunOf(workflowId: string): Promise<string | null | undefined> {
    const asked = { namespace, execution: { workflowId }, maximumPageSize: 1 };
    const { history } = await workflowService.getWorkflowExecutionHistory(asked);
    return history?.events?.[0]?.workflowExecutionStartedEventAttributes?.firstExecutionRunId;
  }

  return {
    decode,
    async list(query, pageToken) {
      const nextPageToken = Buffer.from(pageToken, 'base64');
      const page = await workflowService.listWorkflowExecutions({ namespace, query, pageSize: PAGE, nextPageToken });
      const workflows = (page.executions ?? []).map(({ execution, memo }) => ({
        workflowId: execution?.workflowId ?? '',
        runId: execution?.runId ?? '',
        memo: (key: string) => decode({ payloads: [memo?.fields?.[key]].filter((one) => one != null) }),
      }));
      return { workflows, next: Buffer.from(page.nextPageToken ?? []).toString('base64') };
    },
    async history(workflowId, runId) {
      const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
      return events ?? [];
    },
    async historyIfKept(workflowId, runId) {
      try {
        return await this.history(workflowId, runId);
      } catch (error) {
        if (isNotFound(error)) return null;
        throw error;
      }
    },
    async runs(workflowId) {
      const latest = (await describe(workflowId))?.workflowExecutionInfo?.execution?.runId;
      if (!latest) return [];
      const runs = [latest];
      const query = `WorkflowId = '${workflowId.replaceAll("'", "''")}'`;
      try {
        for (let page = '', more = true; more;) {
          const { workflows, next } = await this.list(query, page);
          for (const { runId } of workflows) if (!runs.includes(runId)) runs.push(runId);
          more = next !== '';
          page = next;
        }
      } catch (error) {
        // A server, or a key, without lists: each run names the one that it went on from.
        if (!NO_LISTS.has(Number((error as { code?: unknown }).code))) throw error;
      }
      return runs;
    },
    async retentionMs() {
      try {
        const { config } = await workflowService.describeNamespace({ namespace });
        const seconds = config?.workflowExecutionRetentionTtl?.seconds;
        return seconds == null || Number(seconds) === 0 ? null : Number(seconds) * 1_000;
      } catch {
        // Nothing but a date in a report hangs on it.
        return null;
      }
    },
    async pendingActivities(workflowId, runId) {
      const pending = (await describe(workflowId, runId))?.pendingActivities ?? [];
      const read = pending.map(async ({ activityId, heartbeatDetails }) => ({
        activityId: activityId ?? '',
        heartbeat: await decode(heartbeatDetails),
      }));
      return Promise.all(read);
    },
    async leaseHolders(job) {
      const holders: JobHolder[] = [];
      for (let slot = 0; ; slot++) {
        const info = (await describe(leaseWorkflowId(job, slot)))?.workflowExecutionInfo;
        if (!info) return holders;
        const holder = await decode({ payloads: [info.memo?.fields?.[LEASE_MEMO]].filter((one) => one != null) });
        if (holder !== undefined) holders.push(holder as JobHolder);
      }
    },
    async isOpen({ workflowId, firstExecutionRunId }) {
      const info = (await describe(workflowId))?.workflowExecutionInfo;
      if (!info || CLOSED.has(Number(info.status ?? 0))) return false;
      return (info.firstRunId || (await firstRunOf(workflowId))) === firstExecutionRunId;
    },
  };
}

/** As the service or the client says it. */
function isNotFound(error: unknown): boolean {
  const { code, name, cause } = error as { code?: unknown; name?: unknown; cause?: { code?: unknown } };
  return code === NOT_FOUND || cause?.code === NOT_FOUND || name === 'WorkflowNotFoundError';
}
