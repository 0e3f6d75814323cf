import { afterEach, describe, expect, it, vi } from 'vitest';
import { selfTestBody } from '../../src/webhooks/self-test.js';
import { COMPLETED, JOB, newSecret, newToken, now, post, receiver, signed, signedHeaders, TOKEN } from './sender.js';

afterEach(() => void vi.useRealTimers());

const DIRECT = `/webhooks/reducto/${TOKEN}`;
const big = `{"metadata":"${'x'.repeat(65_536)}"}`;

describe('what is answered', () => {
  const json = (value: unknown): string => JSON.stringify(value);
  const get = (path: string): Request => new Request(`https://hooks.example${path}`);
  it.each<[string, () => Request, number, string]>([
    ['a signed event', () => signed(), 204, 'taken'],
    ['with the other headers', () => signed(COMPLETED, { family: 'webhook' }), 204, 'taken'],
    ['an unsigned one with the token', () => post(DIRECT, COMPLETED), 204, 'taken'],
    ['the token and a slash', () => post(`${DIRECT}/`, COMPLETED), 204, 'taken'],
    ['an unknown job', () => signed(json({ status: 'Completed', job_id: 'nobodys' })), 204, 'taken'],
    ['a word that nobody knows', () => signed(json({ status: 'Gone?', job_id: JOB })), 204, 'taken'],
    ['a job that goes on', () => signed(json({ status: 'InProgress', job_id: JOB })), 204, 'not-an-end'],
    ['an event about no job', () => signed('{"type":"endpoint.disabled"}'), 204, 'not-an-end'],
    ['a self-test', () => signed(selfTestBody('t-1')), 204, 'test'],
    ['not JSON', () => signed('job_id=1'), 400, 'not-json'],
    ['not JSON, with the token', () => post(DIRECT, 'job_id=1'), 400, 'not-json'],
    ['nothing at all', () => signed(''), 400, 'not-json'],
    ['JSON that is no object', () => signed('[1]'), 400, 'malformed'],
    ['a job id that is none', () => signed('{"job_id":7}'), 400, 'malformed'],
    ['a job id with a line break', () => signed('{"job_id":"a\\nb"}'), 400, 'malformed'],
    ['a job id without end', () => signed(json({ job_id: 'x'.repeat(257) })), 400, 'malformed'],
    ['no signature', () => post('/webhooks/reducto', COMPLETED), 401, 'no-signature'],
    ['another secret', () => signed(COMPLETED, { secret: newSecret() }), 401, 'bad-signature'],
    [
      'a changed body',
      () => post('/webhooks/reducto', COMPLETED.replace('d1', 'd2'), signedHeaders(COMPLETED)),
      401,
      'bad-signature',
    ],
    [
      'bytes that are no text',
      () => post('/webhooks/reducto', new Uint8Array([0xff]), signedHeaders('\ufffd')),
      401,
      'bad-signature',
    ],
    [
      'a byte order mark before it',
      () => post('/webhooks/reducto', `\ufeff${COMPLETED}`, signedHeaders(COMPLETED)),
      401,
      'bad-signature',
    ],
    ['a message of long ago', () => signed(COMPLETED, { at: now() - 302 }), 401, 'old-timestamp'],
    ['a message of times to come', () => signed(COMPLETED, { at: now() + 302 }), 401, 'old-timestamp'],
    ['an unknown path', () => signed(COMPLETED, {}, '/hooks/reducto'), 404, 'unknown-path'],
    ['a path too long', () => signed(COMPLETED, {}, `${DIRECT}/more`), 404, 'unknown-path'],
    ['the prefix alone', () => signed(COMPLETED, {}, '/webhooks/'), 404, 'unknown-path'],
    ['a path that is wrongly encoded', () => signed(COMPLETED, {}, '/webhooks/%E0%A4%A'), 404, 'unknown-path'],
    ['an unknown account', () => signed(COMPLETED, {}, '/webhooks/nobody'), 404, 'unknown-account'],
    ['a name of every object', () => signed(COMPLETED, {}, '/webhooks/constructor'), 404, 'unknown-account'],
    ['an unknown account, with a token', () => post(`/webhooks/nobody/${TOKEN}`, COMPLETED), 404, 'unknown-account'],
    ['a wrong token', () => post(`/webhooks/reducto/${newToken()}`, COMPLETED), 404, 'wrong-token'],
    ['half of the token', () => post(DIRECT.slice(0, -8), COMPLETED), 404, 'wrong-token'],
    ['a token where none is known', () => post(`/webhooks/pulse/${TOKEN}`, COMPLETED), 404, 'wrong-token'],
    [
      'a wrong token, although signed',
      () => signed(COMPLETED, {}, `/webhooks/reducto/${newToken()}`),
      404,
      'wrong-token',
    ],
    ['GET', () => get('/webhooks/reducto'), 405, 'wrong-method'],
    ['GET of an unknown account', () => get('/webhooks/nobody'), 405, 'wrong-method'],
    ['a body over the cap', () => signed(big), 413, 'too-large'],
    [
      'a body that says that it is',
      () => post('/webhooks/reducto', COMPLETED, { 'content-length': '65537' }),
      413,
      'too-large',
    ],
  ])('%s', async (_what, request, status, reason) => {
    const { handle, events, log } = receiver();
    const answer = await handle(request());
    expect(answer.status).toBe(status);
    expect(await answer.text()).toBe('');
    expect(answer.headers.get('allow')).toBe(status === 405 ? 'POST' : null);
    expect(events).toHaveLength(reason === 'taken' ? 1 : 0);
    expect(log).toMatchObject([{ reason, status }]);
    // An account that exists, or none: what stands in the path is the sender's.
    expect([undefined, 'reducto', 'pulse']).toContain(log[0]?.account);
    expect(Object.keys(log[0]!).filter((key) => !['reason', 'status', 'account'].includes(key))).toEqual([]);
  });

  it('an unknown account and a wrong token look alike', async () => {
    const { handle } = receiver();
    const answers = await Promise.all(
      [`/webhooks/nobody/${newToken()}`, `/webhooks/reducto/${newToken()}`, '/webhooks/nobody'].map((path) =>
        handle(post(path, COMPLETED)),
      ),
    );
    expect(answers.map((answer) => [answer.status, [...answer.headers]])).toEqual(Array(3).fill([404, []]));
  });

  it('a body without a length that goes over the cap is not read on', async () => {
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 16_384;
        controller.enqueue(new Uint8Array(16_384));
      },
    });
    const request = new Request('https://hooks.example/webhooks/reducto', {
      method: 'POST',
      body: endless,
      duplex: 'half',
    });
    expect((await receiver().handle(request)).status).toBe(413);
    expect(sent).toBeLessThan(200_000);
  });

  it('a body that does not come is not waited for', async () => {
    vi.useFakeTimers();
    const silent = new ReadableStream<Uint8Array>({});
    const request = new Request('https://hooks.example/webhooks/reducto', {
      method: 'POST',
      body: silent,
      duplex: 'half',
    });
    const answer = receiver().handle(request);
    await vi.advanceTimersByTimeAsync(2_100);
    expect((await answer).status).toBe(408);
  });
});
