import { isJsonObject } from '../jobs/json.js';
import type { WebhookEvent } from '../jobs/webhook.js';
import { createGate, GateFullError } from './gate.js';
import { onceEach } from './once-each.js';
import { type ReadBody, readBody } from './read-body.js';
import { type Route, routeOf } from './route.js';
import { SELF_TEST_HEADER, selfTestName } from './self-test.js';
import { checkSignature, signatureHeaders, WINDOW_S } from './verify/check-signature.js';
import { sameText } from './verify/same-text.js';
import { type ReceivingAccount, resolveOptions, type WebhookHandlerOptions } from './webhook-options.js';
import { STATUS, type WebhookLogEntry, type WebhookReason } from './webhook-log.js';
import { within } from './within.js';

/** Answers a vendor's webhook; never rejects. */
export type WebhookHandler = (request: Request) => Promise<Response>;

/** Together with an account's secrets, which may take 3 s, well within the 15 s that a sender waits. */
const BODY_MS = 2_000;
const DELIVERY_MS = 6_000;
/** Calls to Temporal at once, and events that wait for their turn. */
const AT_ONCE = 64;
const IN_LINE = 4_096;
/** Of a place among these. Temporal's deliveries end in 5 s. */
const PLACE_MS = 30_000;
/** A signed message can be repeated for as long as its timestamp is good, which may lie as far ahead as behind. */
const REMEMBERED_MS = 2 * WINDOW_S * 1_000;
const REMEMBERED = 10_000;
/** Compared with where there is no token, so that the answer takes as long; it opens nothing. */
const NOBODYS = '-'.repeat(43);
const JOB_ID = /^[\x21-\x7e]{1,256}$/;

type Outcome = Pick<WebhookLogEntry, 'reason' | 'account' | 'error'> & { headers?: Record<string, string> };

/** What came, after its sender is known. */
interface Message {
  account: ReceivingAccount;
  text: string;
  eventId?: string;
}

/**
 * Receives vendors' webhooks at `<path>/<account>`, those without a signature at `<path>/<account>/<token>`. An event whose sender is known is
 * handed to Temporal, and 2xx is answered only when that has it; the sender tries again after anything else. Nothing of its content is believed:
 * it wakes a look at the vendor.
 * @throws TypeError of one line for a wrong option.
 */
export function createWebhookHandler(options: WebhookHandlerOptions): WebhookHandler {
  const { accounts, deliver, prefix, maxBodyBytes, log } = resolveOptions(options);
  const gate = createGate(AT_ONCE, IN_LINE, PLACE_MS);
  const events = onceEach<'taken' | 'nobody-waits'>(REMEMBERED_MS, REMEMBERED, DELIVERY_MS);

  async function answer(request: Request): Promise<Outcome> {
    const route = routeOf(request.url, prefix);
    if (route === null) return { reason: 'unknown-path' };
    if (request.method !== 'POST') return { reason: 'wrong-method', headers: { allow: 'POST' } };
    // Read before anything is said, whoever it is from: an answer in the middle of a body breaks the connection.
    const body = await readBody(request, maxBodyBytes, BODY_MS);
    const account = accounts.get(route.account);
    try {
      const message = await (route.token === undefined ? signed(account, request, body) : direct(account, route, body));
      return 'reason' in message ? message : await handle(message);
    } catch (error) {
      return { ...troubleOf(error), ...(account === undefined ? {} : { account: account.name }) };
    }
  }

  async function signed(
    account: ReceivingAccount | undefined,
    request: Request,
    body: ReadBody,
  ): Promise<Message | Outcome> {
    if (account?.keys == null) return { reason: 'unknown-account' };
    const about = { account: account.name };
    const unreadable = unreadableOf(body);
    // Bytes that are no text are not what a vendor has signed.
    if (unreadable !== null) return { reason: unreadable === 'not-json' ? 'bad-signature' : unreadable, ...about };
    const headers = signatureHeaders(request.headers);
    if (headers === null) return { reason: 'no-signature', ...about };
    const { text } = body as { text: string };
    const verdict = checkSignature(headers, text, await account.keys(), Date.now());
    return verdict === 'good' ? { account, text, eventId: headers.id } : { reason: verdict, ...about };
  }

  async function direct(
    account: ReceivingAccount | undefined,
    { token = '' }: Route,
    body: ReadBody,
  ): Promise<Message | Outcome> {
    const expected = (await account?.tokens?.()) ?? [NOBODYS];
    const fits = expected.map((one) => sameText(token, one)).includes(true);
    if (account === undefined) return { reason: 'unknown-account' };
    const about = { account: account.name };
    if (account.tokens === null || !fits) return { reason: 'wrong-token', ...about };
    const unreadable = unreadableOf(body);
    return unreadable === null ? { account, ...(body as { text: string }) } : { reason: unreadable, ...about };
  }

  async function handle({ account, text, eventId }: Message): Promise<Outcome> {
    const about = { account: account.name };
    const body = jsonOf(text);
    if (body === undefined) return { reason: 'not-json', ...about };
    if (!isJsonObject(body)) return { reason: 'malformed', ...about };
    const test = selfTestName(body);
    if (test !== null) return { reason: 'test', ...about, headers: { [SELF_TEST_HEADER]: test } };
    const read = account.format.read(body);
    if (read === null) return { reason: 'not-an-end', ...about };
    const { jobId, status, owner } = read;
    if (typeof jobId !== 'string' || !JOB_ID.test(jobId)) return { reason: 'malformed', ...about };
    if (status === 'queued' || status === 'running') return { reason: 'not-an-end', ...about };
    const event: WebhookEvent = {
      provider: account.format.name,
      ...about,
      jobId,
      ...(status === undefined ? {} : { status }),
      ...(owner === undefined ? {} : { owner }),
      ...(eventId === undefined ? {} : { eventId }),
    };
    return { reason: await handOn(event), ...about };
  }

  /** @throws what the delivery throws, and an error when it takes too long; it then goes on, and a second one does no harm. */
  async function handOn(event: WebhookEvent): Promise<WebhookReason> {
    const { account, eventId, jobId, status = '' } = event;
    const name = JSON.stringify(eventId === undefined ? [account, jobId, status] : [account, eventId]);
    const work = () =>
      within(
        gate.run(() => deliver(event), DELIVERY_MS),
        DELIVERY_MS,
      );
    // Its own limit too: the work may be another request's, and have ended with that.
    const { value, repeated } = await within(
      events.do(name, async () => ((await work()) === 'nobody-waits' ? 'nobody-waits' : 'taken')),
      DELIVERY_MS,
    );
    return repeated ? 'repeated' : value;
  }

  return async (request) => {
    const { headers = {}, ...outcome } = await answer(request).catch(troubleOf);
    const status = STATUS[outcome.reason];
    try {
      log({ ...outcome, status });
    } catch {
      // A log that fails must not make a sender repeat itself.
    }
    return new Response(null, { status, headers });
  };
}

function unreadableOf(body: ReadBody): WebhookReason | null {
  if (!('refused' in body)) return null;
  return body.refused === 'not-utf8' ? 'not-json' : body.refused;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** The error's own words may repeat what was sent, or come from a secret manager. */
function troubleOf(error: unknown): Outcome {
  const name = error instanceof Error ? error.name : 'unknown';
  if (error instanceof GateFullError) return { reason: 'busy' };
  return { reason: name === 'SecretsUnavailableError' ? 'no-secrets' : 'not-delivered', error: name };
}
