import { readFileSync } from 'node:fs';
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { footprintOf } from '../../histories/footprint.js';
import { temporalSide } from '../../histories/temporal-side.js';
import type { DocumentManifest } from '../../jobs/manifest.js';
import type { Receipt } from '../../jobs/types.js';
import { documentEnd } from '../document-end.js';
import { manifestOf } from './manifest-of.js';

/**
 * Where a document's data come from: input, jobs, options, model, billing and hashes of the results, of all runs under the workflow id. Read from
 * histories, decoded by the client's data converter; needs no worker. Of a workflow that still runs it tells what is known so far.
 * @throws {WorkflowNotFoundError} of `@temporalio/client` for an id that Temporal does not know (any more).
 */
export async function documentManifest(client: Client, workflowId: string): Promise<DocumentManifest> {
  const footprint = await footprintOf(temporalSide(client), workflowId);
  if (footprint === null) {
    throw new WorkflowNotFoundError(`no history of ${workflowId}`, workflowId, undefined);
  }
  const isOver = footprint.runs.every(({ closedAt }) => closedAt !== null);
  const receipt = isOver ? await receiptOf(client, workflowId) : null;
  return manifestOf({ footprint, receipt, library: library() });
}

/** Of our own workflow; a user's may return anything. */
async function receiptOf(client: Client, workflowId: string): Promise<Receipt | null> {
  const end = await documentEnd(client, workflowId);
  if (end.kind !== 'result') return end.receipt;
  const receipt = (end.result as { receipt?: Partial<Receipt> } | null | undefined)?.receipt;
  return Array.isArray(receipt?.jobs) ? (receipt as Receipt) : null;
}

/** This package, as it is installed. */
function library(): DocumentManifest['library'] {
  const text = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
  const { name, version } = JSON.parse(text) as { name: string; version: string };
  return { name, version };
}
