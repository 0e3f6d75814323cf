import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { mailboxWorkflowId } from '../../src/jobs/webhook.js';
import type { LedgerJob, Sandbox, VendorName } from '../../src/sandbox/index.js';
import { createWebhookHandler } from '../../src/webhooks/index.js';
import { serveWebhooks } from '../../src/webhooks/serve-webhooks.js';
import { comesTo } from './rest.js';
import { newSecret, signedHeaders } from '../webhooks/sender.js';

/** The webhook receiver of one document, and those who send to it. */
export interface Receiver {
  /** The vendor says that the job has completed, whether it has or not. */
  call(job: LedgerJob): Promise<void>;
  /** The vendor says so of a job that nobody knows, for the same workflow where it says for whom. */
  callForAnother(job: LedgerJob): Promise<void>;
  /** Somebody without the secret says so. */
  forge(job: LedgerJob): Promise<void>;
  close(): Promise<void>;
}

/** @param taskQueue where mailboxes run. */
export async function openReceiver(
  sandbox: Sandbox,
  vendor: VendorName,
  client: Client,
  taskQueue: string,
): Promise<Receiver> {
  const secret = newSecret();
  const handler = createWebhookHandler({
    accounts: { [vendor]: { provider: vendor, secrets: secret } },
    client,
    mailbox: { taskQueue },
    log: () => undefined,
  });
  const server = await serveWebhooks(handler, { port: 0 });
  const url = `${server.url}/webhooks/${vendor}`;
  sandbox.webhooks.register({ provider: vendor, url, secrets: [secret] });
  const others: string[] = [];

  async function send(jobId: string, { metadata }: LedgerJob, key: string, wanted: number): Promise<void> {
    const body = JSON.stringify({ type: 'job.completed', status: 'Completed', job_id: jobId, metadata });
    const { status } = await fetch(url, { method: 'POST', body, headers: signedHeaders(body, { secret: key }) });
    if (status !== wanted) throw new Error(`the receiver answered ${status}, and not ${wanted}`);
  }

  return {
    async call({ jobId }) {
      await sandbox.webhooks.send(jobId, 'Completed');
      const answers = sandbox.webhooks.deliveries().flatMap((one) => (one.jobId === jobId ? one.attempts : []));
      const refused = answers.filter(({ status }) => status !== 204);
      if (refused.length > 0) throw new Error(`the receiver did not take a call: ${JSON.stringify(refused)}`);
    },
    async callForAnother(job) {
      const jobId = randomUUID();
      others.push(jobId);
      await send(jobId, job, secret, 204);
    },
    forge: (job) => send(job.jobId, job, newSecret(), 401),
    async close() {
      await server.close();
      // Mailboxes to which nobody came would wait for hours of the next document's time.
      const ids = [...others, ...sandbox.ledger.jobs().map(({ jobId }) => jobId)];
      const end = async (jobId: string): Promise<void> => {
        const mailbox = client.workflow.getHandle(mailboxWorkflowId({ provider: vendor, account: vendor, jobId }));
        // One that is about to end is left to it: a task under way would leave the server's time standing.
        if (await comesTo(mailbox, ({ timers }) => timers > 0)) await mailbox.terminate('the document is over');
      };
      // Most jobs never had one.
      await Promise.allSettled(ids.map(end));
    },
  };
}
