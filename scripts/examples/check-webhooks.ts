import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { mailboxWorkflowId } from '../../src/webhooks/index.js';
import { signingKey } from '../../src/webhooks/verify/signing-key.js';
import { createExpectations, type Expectations } from './expect.js';
import { createWebhookStage, DOCUMENT, type WebhookExample, type WebhookStage } from './webhook-stage.js';

/** @throws Error when the example does not receive webhooks as it must. */
export async function checkWebhooks(example: WebhookExample): Promise<void> {
  const expect = createExpectations();
  const stage = await createWebhookStage(example);
  try {
    const { code, output } = await stage.docjobs('webhook', '--test', `${stage.url}/reducto`);
    if (code !== 0) console.log(output);
    expect.that('docjobs webhook --test', code, 0);
    await answers(stage, expect);
    await documents(stage, expect);
    await stage.stopTemporal();
    expect.that('a good event without Temporal: 503', await post(stage, '/reducto', eventOf(randomUUID())), 503);
    const secrets = [stage.secret, stage.secret.slice(6)].some((secret) => stage.output().includes(secret));
    expect.that('no secret in what it says', secrets, false);
  } catch (error) {
    console.log(stage.output());
    throw error;
  } finally {
    await stage.close();
  }
  expect.end();
}

/** What a sender is told. */
async function answers(stage: WebhookStage, expect: Expectations): Promise<void> {
  const jobId = randomUUID();
  const event = eventOf(jobId);
  const before = Math.floor(Date.now() / 1_000) - 301;
  const other = `whsec_${Buffer.alloc(32, 'o').toString('base64')}`;
  expect.that('an event before anybody waits: 204', await post(stage, '/reducto', event), 204);
  const mailbox = mailboxWorkflowId({ provider: 'reducto', account: 'reducto', jobId });
  const { status } = await stage.client.workflow.getHandle(mailbox).describe();
  expect.that('its mailbox keeps it', status.name, 'RUNNING');
  expect.that('another secret: 401', await post(stage, '/reducto', event, { secret: other }), 401);
  expect.that('over 5 minutes old: 401', await post(stage, '/reducto', event, { at: before }), 401);
  expect.that('changed after signing: 401', await post(stage, '/reducto', event, { sent: `${event} ` }), 401);
  expect.that('another account: 404', await post(stage, '/nobody', event), 404);
  expect.that('over the cap: 413', await post(stage, '/reducto', 'x'.repeat(70_000)), 413);
  const get = await fetch(`${stage.url}/reducto`);
  await get.body?.cancel();
  expect.that('not a POST: 405', get.status, 405);
}

/** Vendor → receiver → Temporal → workflow. Without its call a job would be looked after in 45 minutes, long after the command's limit. */
async function documents(stage: WebhookStage, expect: Expectations): Promise<void> {
  for (const what of ['a document', 'a document whose event comes before the submit’s reply']) {
    const { code, output } = await process(stage);
    if (code !== 0) console.log(output);
    expect.that(`${what}: done when called`, code, 0);
  }
  const { reads, accepted } = stage.sandbox.ledger.counts();
  expect.that('a job and a read each', [accepted, reads], [2, 2]);
  const { code } = await process(stage, '--detach');
  expect.that('a document whose event is forged: started', code, 0);
  const attempts = (): (number | null)[][] =>
    stage.sandbox.ledger.webhooks().map(({ attempts }) => attempts.map(({ status }) => status));
  for (const until = Date.now() + 30_000; attempts()[2]?.length !== 1 && Date.now() < until;) await sleep(100);
  expect.that('the vendor was told 204, 204, and who forged 401', attempts(), [[204], [204], [401]]);
}

const process = (stage: WebhookStage, ...more: string[]): ReturnType<WebhookStage['docjobs']> =>
  stage.docjobs('process', DOCUMENT, '--workflow-id', `example-${randomUUID()}`, ...more);

const eventOf = (jobId: string): string => JSON.stringify({ status: 'Completed', job_id: jobId });

interface How {
  secret?: string;
  /** Seconds since the epoch. */
  at?: number;
  /** Default: what was signed. */
  sent?: string;
}

async function post(
  { url, secret: own }: WebhookStage,
  to: string,
  body: string,
  { secret = own, at = Math.floor(Date.now() / 1_000), sent = body }: How = {},
): Promise<number> {
  const id = `msg_${randomUUID()}`;
  const answer = await fetch(url + to, {
    method: 'POST',
    body: sent,
    headers: {
      'content-type': 'application/json',
      'svix-id': id,
      'svix-timestamp': String(at),
      'svix-signature': signingKey(secret).sign(id, at, body),
    },
  });
  await answer.body?.cancel();
  return answer.status;
}
