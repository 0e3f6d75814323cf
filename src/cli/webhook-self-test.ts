import { randomBytes } from 'node:crypto';
import { SELF_TEST_HEADER, selfTestBody } from '../webhooks/self-test.js';
import { signingKey } from '../webhooks/verify/signing-key.js';

/** One event of a self-test, and what came of it. */
export interface SelfTestStep {
  what: string;
  /** HTTP status; null without an answer. */
  status: number | null;
  /** Whether that is as it must be. */
  passed: boolean;
  result: string;
}

const LIMIT_MS = 15_000;
/** Older than any receiver takes it, s. */
const OLD_S = 600;

interface Sent {
  what: string;
  url: URL;
  headers: Record<string, string>;
  /** The one that must arrive; the others must be refused. */
  isGood: boolean;
}

/**
 * Sends a test event as the vendor would, and some as a stranger would. Nothing of it reaches Temporal.
 * @param secret signs it; null for a URL whose path ends in a token.
 */
export async function webhookSelfTest(url: URL, secret: string | null): Promise<SelfTestStep[]> {
  const name = `t-${randomBytes(8).toString('hex')}`;
  const body = selfTestBody(name);
  const events = secret === null ? directEvents(url) : signedEvents(url, secret, body);
  const steps: SelfTestStep[] = [];
  for (const event of events) {
    const step = await send(event, body, name);
    steps.push(step);
    // Where the good one does not get, the others say nothing.
    if (event.isGood && !step.passed) break;
  }
  return steps;
}

function signedEvents(url: URL, secret: string, body: string): Sent[] {
  const key = signingKey(secret);
  const now = Math.floor(Date.now() / 1_000);
  const headers = (timestamp: number, signed: string): Record<string, string> => {
    const id = `msg_${randomBytes(16).toString('base64url')}`;
    return {
      'svix-id': id,
      'svix-timestamp': String(timestamp),
      'svix-signature': key.sign(id, timestamp, signed),
    };
  };
  return [
    { what: 'signed event', url, headers: headers(now, body), isGood: true },
    { what: 'changed after it was signed', url, headers: headers(now, `${body} `), isGood: false },
    { what: 'of 10 minutes ago', url, headers: headers(now - OLD_S, body), isGood: false },
  ];
}

function directEvents(url: URL): Sent[] {
  const other = new URL(url);
  other.pathname = other.pathname.replace(/[^/]+\/?$/, randomBytes(32).toString('base64url'));
  return [
    { what: 'event with the token', url, headers: {}, isGood: true },
    { what: 'with another token', url: other, headers: {}, isGood: false },
  ];
}

async function send({ what, url, headers, isGood }: Sent, body: string, name: string): Promise<SelfTestStep> {
  let answer: Response;
  try {
    answer = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/json', ...headers },
      body,
      signal: AbortSignal.timeout(LIMIT_MS),
    });
  } catch {
    return { what, status: null, passed: false, result: `no answer within ${LIMIT_MS / 1_000} s` };
  }
  await answer.body?.cancel();
  const { status } = answer;
  const arrived = answer.ok && answer.headers.get(SELF_TEST_HEADER) === name;
  if (!isGood) return { what, status, passed: !answer.ok, result: answer.ok ? 'NOT REFUSED' : 'refused' };
  return { what, status, passed: arrived, result: arrived ? 'arrived' : problem(status, answer.ok) };
}

function problem(status: number, ok: boolean): string {
  if (ok) return 'answered, but by something else than this receiver';
  if (status === 401) return 'refused: the receiver has another secret, or a clock that is wrong';
  if (status === 404) return 'refused: nothing is received at this path; it ends in the account';
  return 'not taken';
}
