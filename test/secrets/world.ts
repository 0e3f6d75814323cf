import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection, WorkflowFailedError } from '@temporalio/client';
import { CancelledFailure } from '@temporalio/common';
import { NativeConnection, Worker } from '@temporalio/worker';
import { inject } from 'vitest';
import { allowedRoots, createDocumentActivities, fileStore, type Provider, type ResultStore } from '../../src/index.js';
import { findDocumentFailure } from '../../src/jobs/failures.js';
import type { ProcessDocumentInput } from '../../src/jobs/process-document.js';
import { startDevServer } from '../../src/local/index.js';
import { reducto } from '../../src/index.js';
import { s3StoreError } from '../../src/results/s3/s3-store-error.js';
import { createSandbox, type Sandbox } from '../../src/sandbox/index.js';
import { serveDocuments } from '../support/document-server.js';
import { type Vendor, VENDORS } from '../support/vendors.js';
import { type Case, CASES, DOCUMENT, INPUT, SECRETS } from './cases.js';
import type { Ears } from './ears.js';

export const TASK_QUEUE = 'secrets-test';
const SCHEMA = {
  type: 'object',
  properties: { invoice_number: { type: 'string' }, customer_name: { type: 'string' }, total: { type: 'number' } },
};
const SECTIONS = [{ name: 'Totals', description: 'invoice number and total' }];
/** What whoever is asked for a secret, a source or a store might say. */
const LOOSE_TALK = `vault token ${SECRETS.vault}, AWS secret ${SECRETS.awsSecret}, key ${SECRETS.key}`;

export interface Played {
  account: string;
  vendor: Vendor;
  case: Case;
  ends: string;
  /** JSON, payloads in base64. */
  history: string;
  /** What its failures and results say, without what the user gave. */
  beyondInput: string;
}

/** Both vendors, a server and a worker, after all cases have been played. */
export interface World extends AsyncDisposable {
  address: string;
  /** Of the result store. */
  folder: string;
  played: Played[];
  source: string;
  sandbox: Sandbox;
}

export async function playAll(ears: Ears): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'secrets-test-'));
  const [server, documents, sandbox] = await Promise.all([
    startDevServer({ headless: true, binary: inject('cliPath') }),
    serveDocuments(),
    createSandbox({ key: SECRETS.key, duration: { baseMs: 100, perPageMs: 0, jitter: 0 } }),
  ]);
  const { address } = server;
  const source = `${documents.add('invoice.txt', Buffer.from(DOCUMENT))}?X-Amz-Signature=${INPUT.sourceSignature}`;
  const file = join(folder, 'local.txt');
  await writeFile(file, DOCUMENT);
  const stage = await Promise.all(
    VENDORS.flatMap((vendor) =>
      CASES.filter(({ only = vendor.name }) => only === vendor.name).map(async (one, index) => {
        const options = one.sandbox?.(vendor) ?? {};
        const own = await createSandbox({
          key: SECRETS.key,
          duration: { baseMs: 200, perPageMs: 0, jitter: 0 },
          ...options,
        });
        return { vendor, case: one, own, account: `${vendor.name}-${index}` };
      }),
    ),
  );
  const accounts: Record<string, Provider> = Object.fromEntries(
    stage.map(({ account, vendor, case: { fails }, own }) => {
      const apiKey = fails === 'key' ? onceFailing(() => SECRETS.key) : undefined;
      const withPassword = {
        ...own.reducto,
        listSettleMs: 20,
        secrets: () => SECRETS.password,
        ...(apiKey && { apiKey }),
      };
      return [account, vendor.name === 'reducto' ? reducto(withPassword) : vendor.provider(own, apiKey && { apiKey })];
    }),
  );
  const failing = (what: Case['fails']): Set<string> =>
    new Set(stage.flatMap(({ account, case: { fails } }) => (fails === what ? [account] : [])));
  const roots = allowedRoots([folder]);
  const talked = new Set<string>();
  const [connection, native] = await Promise.all([
    Connection.connect({ address }),
    NativeConnection.connect({ address }),
  ]);
  const worker = await Worker.create({
    connection: native,
    taskQueue: TASK_QUEUE,
    workflowBundle: { codePath: inject('bundlePath') },
    activities: createDocumentActivities({
      accounts: { ...accounts, reducto: reducto(sandbox.reducto) },
      results: troubled(fileStore(join(folder, 'results')), failing('store'), failing('store for good')),
      async sources(asked, context) {
        if (!talked.has(context.account) && talked.add(context.account)) throw new Error(LOOSE_TALK);
        return roots(asked, context);
      },
    }),
  });
  const running = worker.run();
  const client = new Client({ connection });
  const played = await Promise.all(
    stage.map(async ({ account, vendor, case: one }): Promise<Played> => {
      const input: ProcessDocumentInput = {
        source: one.fails === 'source' ? `file://${file}` : source,
        provider: vendor.name,
        account,
        schema: SCHEMA,
        sections: SECTIONS,
        polling: { expected: 50, cancelSettle: '3s' },
        ...one.input,
      };
      const options = { workflowId: account, taskQueue: TASK_QUEUE, args: [input] };
      const handle = await client.workflow.start('processDocument', options);
      const watched = ears.watch(handle);
      if (one.cancel) {
        await new Promise((resolve) => setTimeout(resolve, 1_500));
        await handle.cancel();
      }
      const ends = await handle.result().then(
        (result) => (result as { status: string }).status,
        (error: unknown) => {
          if (error instanceof WorkflowFailedError && error.cause instanceof CancelledFailure) return 'cancelled';
          return findDocumentFailure(error)?.type ?? String(error);
        },
      );
      await watched;
      const history = await handle.fetchHistory();
      return { account, vendor, case: one, ends, history: JSON.stringify(history), beyondInput: withoutInput(history) };
    }),
  );
  return {
    address,
    folder: join(folder, 'results'),
    played,
    source,
    sandbox,
    async [Symbol.asyncDispose]() {
      worker.shutdown();
      await running;
      await Promise.all([connection.close(), native.close()]);
      await Promise.all([server.stop(), documents.close(), sandbox.close(), ...stage.map(({ own }) => own.close())]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Every attribute but the arguments of workflow and activities. */
const withoutInput = (history: object): string =>
  JSON.stringify(JSON.parse(JSON.stringify(history)), (key, value: unknown) => (key === 'input' ? undefined : value));

function onceFailing<T>(give: () => T): () => T {
  let asked = 0;
  return () => {
    if (asked++ === 0) throw new Error(LOOSE_TALK);
    return give();
  };
}

/** A store of the user's own that talks: once, or as S3 does when it refuses for good. */
function troubled(store: ResultStore, once: Set<string>, forGood: Set<string>): ResultStore {
  const accountOf = (key: string): string => key.split('/')[1] ?? '';
  return {
    ...store,
    async put(key, body, contentType) {
      const account = accountOf(key);
      if (once.delete(account)) throw new Error(LOOSE_TALK);
      if (forGood.has(account)) throw s3StoreError(key, Object.assign(new Error(LOOSE_TALK), { name: 'AccessDenied' }));
      return store.put(key, body, contentType);
    },
  };
}
