import { temporalSide } from '../../histories/temporal-side.js';
import { SUBMITTING_WORKFLOWS } from '../../jobs/names.js';
import type { Session } from '../connect.js';
import { type DocumentCalls, readDocument } from './read-document.js';

/** The last documents, as far as they are looked into. */
export interface RecentDocuments {
  /** The latest first. */
  documents: DocumentCalls[];
  /** So many more were there, whose payloads only their worker can read. */
  unreadable: number;
}

export interface Listed {
  workflowId: string;
  runId: string;
}

const HISTORIES = 20;
/** Far more than a document has; of a longer history the latest are read. */
const EVENTS = 1_000;

/** @param types workflow types that submit document jobs; none = ours. */
export async function listDocuments(
  session: Session,
  types: readonly string[],
  and: string,
  limit: number,
): Promise<Listed[]> {
  const names = types.length > 0 ? types : SUBMITTING_WORKFLOWS;
  const ofTypes = names.map((type) => `WorkflowType = '${type.replaceAll("'", "''")}'`).join(' OR ');
  const { client, namespace } = session;
  const query = `(${ofTypes}) AND ${and}`;
  const { executions } = await client.workflowService.listWorkflowExecutions({ namespace, query, pageSize: limit });
  return (executions ?? []).map(({ execution }) => ({
    workflowId: execution?.workflowId ?? '',
    runId: execution?.runId ?? '',
  }));
}

/** Two lists and 20 histories, one page each: the last that ended, then the last that were started. */
export async function readRecentDocuments(session: Session, types: readonly string[]): Promise<RecentDocuments> {
  const list = (and: string): Promise<Listed[]> => listDocuments(session, types, and, HISTORIES);
  const [closed, open] = await Promise.all([list("ExecutionStatus != 'Running'"), list("ExecutionStatus = 'Running'")]);
  const temporal = temporalSide(session.client);
  const read = async (execution: Listed): Promise<DocumentCalls | null> => {
    const { client, namespace } = session;
    const asked = { namespace, execution, maximumPageSize: EVENTS };
    const { history } = await client.workflowService.getWorkflowExecutionHistoryReverse(asked);
    return readDocument(temporal, (history?.events ?? []).reverse()).catch(() => null);
  };
  const found = await Promise.all([...closed, ...open].slice(0, HISTORIES).map(read));
  const documents = found.filter((one) => one !== null);
  return { documents, unreadable: found.length - documents.length };
}
