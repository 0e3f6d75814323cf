import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { createWebhookHandler } from '../../src/webhooks/index.js';
import { Random } from '../support/random.js';
import { ACCOUNTS, COMPLETED, newSecret, newToken, now, signedHeaders, TOKEN } from './sender.js';

/** `WEBHOOK_JUNK=5000000` for a longer run, `SEED` for another. */
const REQUESTS = Number(process.env.WEBHOOK_JUNK ?? 100_000);
const random = new Random(Number(process.env.SEED ?? 20_261_126));

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;
const heapMb = (): number => {
  gc();
  return process.memoryUsage().heapUsed / 1e6;
};

const pick = <T>(list: readonly T[]): T => list[random.between(0, list.length - 1)]!;
const noise = (most: number): string =>
  Array.from({ length: random.between(0, most) }, () => String.fromCharCode(random.between(32, 126))).join('');

/** One character of a text made another. */
function spoiled(text: string): string {
  const at = random.between(0, text.length - 1);
  const other = String.fromCharCode(33 + ((text.charCodeAt(at) - 33 + random.between(1, 93)) % 94));
  return text.slice(0, at) + other + text.slice(at + 1);
}

const STRANGERS = newSecret();
const PATHS = [
  '/webhooks/reducto',
  '/webhooks/pulse',
  '/webhooks/nobody',
  `/webhooks/nobody/${TOKEN}`,
  `/webhooks/reducto/${newToken()}`,
];

type Junk = { path?: string; method?: string; headers?: Record<string, string>; body?: string | Uint8Array };

/** What is wrong with a request, each near to one that is right. */
const WRONG: (() => Junk)[] = [
  () => ({ headers: signedHeaders(COMPLETED, { secret: STRANGERS }) }),
  () => ({ headers: signedHeaders(COMPLETED), body: spoiled(COMPLETED) }),
  () => ({ headers: signedHeaders(COMPLETED), body: `${COMPLETED} ` }),
  () => ({ headers: signedHeaders(COMPLETED, { at: now() + pick([-1, 1]) * random.between(310, 1e6) }) }),
  () => {
    const headers = signedHeaders(COMPLETED, { family: pick(['svix', 'webhook']) });
    const name = pick(Object.keys(headers));
    return {
      headers: { ...headers, [name]: pick([spoiled(headers[name]!), noise(80), '', 'v1,', `v1,${'A'.repeat(43)}=`]) },
    };
  },
  () => {
    const headers = signedHeaders(COMPLETED);
    delete headers[pick(Object.keys(headers))];
    return { headers };
  },
  () => ({
    headers: {
      'svix-id': 'a',
      'svix-timestamp': String(now()),
      'svix-signature': 'v1,x '.repeat(random.between(0, 40)),
    },
  }),
  () => ({ path: `/webhooks/reducto/${spoiled(TOKEN)}` }),
  () => ({ path: `/webhooks/reducto/${TOKEN}/x${encodeURIComponent(noise(5))}` }),
  () => ({ path: `/webhooks/pulse/${TOKEN}` }),
  () => ({ path: `/${encodeURI(noise(30))}` }),
  () => ({ path: pick(PATHS), method: pick(['GET', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS']) }),
  () => ({ path: pick(PATHS), body: new Uint8Array(random.between(0, 200)).map(() => random.between(0, 255)) }),
  // With the right token: read, and found to be nothing.
  () => ({
    path: `/webhooks/reducto/${TOKEN}`,
    body: pick(['', '[', '[]', 'null', '{"job_id":[]}', '{"job_id":""}', '{}', `{"job_id":"${noise(9)} "}`]),
  }),
  () => ({ path: `/webhooks/reducto/${TOKEN}`, body: '['.repeat(random.between(1, 3_000)) }),
];
/** Seldom, because they are long. */
const HUGE = (): Junk => ({ headers: signedHeaders(COMPLETED), body: 'x'.repeat(65_537) });

function request({ path = '/webhooks/reducto', method = 'POST', headers = {}, body = COMPLETED }: Junk): Request {
  const has = method !== 'GET' && method !== 'HEAD';
  return new Request(`https://hooks.example${path}`, { method, headers, ...(has ? { body } : {}) });
}

it(
  `of ${REQUESTS} junk requests none is accepted, none breaks anything, and memory stays flat`,
  { timeout: REQUESTS },
  async () => {
    const accepted: unknown[] = [];
    const counts = new Map<string, number>();
    const handle = createWebhookHandler({
      accounts: ACCOUNTS,
      deliver: async (event) => void accepted.push(event),
      log: ({ reason, status }) => void counts.set(`${status} ${reason}`, (counts.get(`${status} ${reason}`) ?? 0) + 1),
    });
    let warm = 0;
    for (let done = 0; done < REQUESTS; done += 100) {
      const junk = Array.from({ length: 100 }, (_, index) =>
        request(done % 2_000 === 0 && index === 0 ? HUGE() : pick(WRONG)()),
      );
      await Promise.all(junk.map(handle));
      if (done === Math.floor(REQUESTS / 500) * 100) warm = heapMb();
    }
    expect(accepted).toEqual([]);
    // The token lets in what says nothing of a job.
    const taken = [...counts].filter(([what]) => what.startsWith('2')).map(([what]) => what);
    expect(taken).toEqual(['204 not-an-end']);
    expect([...counts.keys()].filter((what) => what.startsWith('5'))).toEqual([]);
    expect([...counts.values()].reduce((sum, one) => sum + one, 0)).toBe(REQUESTS);
    expect(counts.size).toBeGreaterThanOrEqual(11);
    expect(heapMb() - warm).toBeLessThan(8);
  },
);
