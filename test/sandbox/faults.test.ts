import { describe, expect, it } from 'vitest';
import { createSandbox, parseFaults, type FaultRule } from '../../src/sandbox/index.js';
import { answerOf, clientOf, INVOICE_TEXT, withSandbox, type Client } from './client.js';

const parseOf = async (client: Client): Promise<string> =>
  client.submit('parse', { input: await client.upload(INVOICE_TEXT, 'a.txt') });

/** A submit whose answer may not come. */
async function submitAnyhow(client: Client): Promise<string> {
  const input = await client.upload(INVOICE_TEXT, 'a.txt');
  return client.post('/parse_async', { input }).then(
    ({ status }) => `answered ${status}`,
    () => 'lost',
  );
}

describe('a fault on a call', () => {
  it.each([
    ['drop-before-accept', 'lost', 0, null],
    ['drop-after-accept', 'lost', 1, null],
    ['truncate-body', 'lost', 1, 200],
    ['html-502', 'answered 502', 0, 502],
    ['rate-limited', 'answered 429', 0, 429],
    [{ status: 503, body: { error: 'x' } }, 'answered 503', 0, 503],
    [{ status: 503, accept: true }, 'answered 503', 1, 503],
  ] as const)('submit: %j', async (act, outcome, accepted, status) => {
    await withSandbox({ faults: [{ on: 'submit', do: act }] }, async ({ client, sandbox }) => {
      expect(await submitAnyhow(client)).toBe(outcome);
      expect(sandbox.ledger.accepted()).toHaveLength(accepted);
      const [submit, ...more] = sandbox.ledger.submits('parse');
      expect(more).toEqual([]);
      expect(submit).toMatchObject({ status, jobId: sandbox.ledger.jobs()[0]?.jobId ?? null });
    });
  });

  it('answers with any body, string or JSON, and any header', async () => {
    const faults: FaultRule[] = [
      {
        on: 'list',
        call: 1,
        do: { status: 418, body: '<p>no</p>', headers: { 'content-type': 'text/html', 'retry-after': '7' } },
      },
      { on: 'list', call: 2, do: { status: 500, body: { detail: 'plain' } } },
      { on: 'list', call: 3, do: { status: 504 } },
    ];
    await withSandbox({ faults }, async ({ client }) => {
      const first = await client.get('/jobs');
      expect(first).toMatchObject({ status: 418, body: '<p>no</p>' });
      expect(first.headers.get('retry-after')).toBe('7');
      expect(first.headers.get('content-type')).toBe('text/html');
      expect(await client.get('/jobs')).toMatchObject({ status: 500, body: { detail: 'plain' } });
      expect(await client.get('/jobs')).toMatchObject({ status: 504, body: '' });
      expect((await client.get('/jobs')).status).toBe(200);
    });
  });

  it('slow headers: the call is carried out, the answer waits', async () => {
    await withSandbox({ faults: [{ on: 'submit', do: { slowHeadersMs: 60_000 } }] }, async ({ client, sandbox }) => {
      const input = await client.upload(INVOICE_TEXT, 'a.txt');
      const { apiKey, baseUrl } = sandbox.reducto;
      const giveUp = AbortSignal.timeout(300);
      const post = fetch(`${baseUrl}/parse_async`, {
        method: 'POST',
        headers: { authorization: `Bearer ${apiKey}` },
        body: JSON.stringify({ input }),
        signal: giveUp,
      });
      await expect(post).rejects.toThrow();
      expect(sandbox.ledger.accepted()).toHaveLength(1);
    });
  });

  it('slow body: the head comes at once, the body later', async () => {
    await withSandbox({ faults: [{ on: 'list', do: { slowBodyMs: 300 } }] }, async ({ sandbox }) => {
      const { apiKey, baseUrl } = sandbox.reducto;
      const started = performance.now();
      const response = await fetch(`${baseUrl}/jobs`, { headers: { authorization: `Bearer ${apiKey}` } });
      const head = performance.now() - started;
      expect(await answerOf(response)).toMatchObject({ status: 200, body: { jobs: [] } });
      const whole = performance.now() - started;
      expect(whole - head).toBeGreaterThan(200);
    });
  });

  it('fires on the calls it names: operation and number', async () => {
    const faults: FaultRule[] = [{ on: 'get', operation: 'extract', call: { from: 2, to: 3 }, do: 'html-502' }];
    await withSandbox({ faults }, async ({ client }) => {
      const parse = await parseOf(client);
      const extract = await client.submit('extract', { input: await client.upload(INVOICE_TEXT, 'a.txt') });
      const statuses: number[] = [];
      for (let n = 0; n < 4; n++) {
        expect((await client.get(`/job/${parse}`)).status).toBe(200);
        statuses.push((await client.get(`/job/${extract}`)).status);
      }
      expect(statuses).toEqual([200, 502, 502, 200]);
    });
  });

  it('fires with a seeded probability', async () => {
    const draw = async (seed: number): Promise<string> => {
      let seen = '';
      await withSandbox({ seed, faults: [{ on: 'list', probability: 0.5, do: 'html-502' }] }, async ({ client }) => {
        for (let n = 0; n < 40; n++) seen += (await client.get('/jobs')).status === 200 ? '.' : 'x';
      });
      return seen;
    };
    const [one, again, two] = [await draw(1), await draw(1), await draw(2)];
    expect(one).toBe(again);
    expect(one).not.toBe(two);
    expect(one).toMatch(/x.*\./);
  });

  it('of any other kind of call', async () => {
    const kinds = ['get', 'cancel', 'delete', 'upload'] as const;
    await withSandbox({}, async ({ client, sandbox }) => {
      const id = await parseOf(client);
      sandbox.faults.set(kinds.map((on) => ({ on, do: { status: 599 } })));
      expect((await client.get(`/job/${id}`)).status).toBe(599);
      expect((await client.post(`/cancel/${id}`)).status).toBe(599);
      expect((await client.delete(`/job/${id}`)).status).toBe(599);
      expect((await client.post('/upload')).status).toBe(599);
      sandbox.faults.clear();
      expect((await client.job(id)).status).toBe('Pending');
    });
  });
});

describe('a fault on a job', () => {
  it('stuck: never ends, and can be cancelled', async () => {
    await withSandbox({ faults: [{ job: 'stuck', operation: 'parse', nth: 2 }] }, async ({ client, clock }) => {
      const [fine, stuck] = [await parseOf(client), await parseOf(client)];
      await Promise.all([client.job(fine), client.job(stuck)]);
      clock.advance(11 * 3_600_000);
      expect((await client.job(fine)).status).toBe('Completed');
      expect((await client.job(stuck)).status).toBe('InProgress');
      await client.post(`/cancel/${stuck}`);
      expect((await client.job(stuck)).status).toBe('Cancelled');
    });
  });

  it('failed: with the name and message given', async () => {
    const failed = { name: 'GPU_UNAVAILABLE', message: 'none free' };
    await withSandbox({ faults: [{ job: { failed } }] }, async ({ client, clock, sandbox }) => {
      const id = await parseOf(client);
      await client.job(id);
      clock.advance(10_000);
      expect(await client.job(id)).toMatchObject({
        status: 'Failed',
        reason: 'none free',
        error: { code: 500, ...failed },
      });
      expect(sandbox.ledger.jobs()).toMatchObject([{ state: 'Failed', billed: { credits: 0 } }]);
    });
  });

  it('vanished: accepted, then unknown everywhere', async () => {
    await withSandbox({ faults: [{ job: 'vanished' }] }, async ({ client, sandbox }) => {
      const id = await parseOf(client);
      expect((await client.get(`/job/${id}`)).status).toBe(404);
      expect((await client.post(`/cancel/${id}`)).status).toBe(404);
      expect(await client.get('/jobs')).toMatchObject({ body: { jobs: [] } });
      expect(sandbox.ledger.jobs()).toMatchObject([{ jobId: id, gone: 'vanished' }]);
    });
  });

  it.each([
    ['ignored', 200, 'Pending'],
    ['completes-first', 200, 'Completed'],
    ['error', 500, 'Pending'],
  ] as const)('cancel %s', async (cancel, status, word) => {
    await withSandbox({ faults: [{ job: { cancel } }] }, async ({ client, clock }) => {
      const id = await parseOf(client);
      expect((await client.post(`/cancel/${id}`)).status).toBe(status);
      expect((await client.job(id)).status).toBe(word);
      clock.advance(10_000);
      expect((await client.job(id)).status).toBe('Completed');
    });
  });

  it('status word: reported for so long, in the list too', async () => {
    const faults: FaultRule[] = [{ job: { statusWord: 'Reticulating', forMs: 3_600_000 }, operation: 'parse' }];
    await withSandbox({ faults }, async ({ client, clock }) => {
      const id = await parseOf(client);
      clock.advance(3_599_999);
      expect((await client.job(id)).status).toBe('Reticulating');
      expect(await client.get('/jobs')).toMatchObject({ body: { jobs: [{ status: 'Reticulating' }] } });
      clock.advance(1);
      expect((await client.job(id)).status).toBe('Completed');
    });
  });

  it('several apply to one job', async () => {
    const faults: FaultRule[] = [{ job: 'stuck' }, { job: { cancel: 'completes-first' } }];
    await withSandbox({ faults }, async ({ client }) => {
      const id = await parseOf(client);
      await client.post(`/cancel/${id}`);
      expect((await client.job(id)).status).toBe('Completed');
    });
  });
});

describe('holding a call', () => {
  it('keeps it before anything has happened, until it is released', async () => {
    await withSandbox({}, async ({ client, sandbox }) => {
      const input = await client.upload(INVOICE_TEXT, 'a.txt');
      const held = sandbox.faults.hold({ on: 'submit', operation: 'parse' });
      const submit = client.submit('parse', { input });
      await held.reached;
      expect(sandbox.ledger.accepted()).toEqual([]);
      const other = await client.submit('extract', { input });
      expect(sandbox.ledger.accepted().map(({ jobId }) => jobId)).toEqual([other]);
      held.release();
      const id = await submit;
      expect(sandbox.ledger.accepted('parse')).toMatchObject([{ jobId: id }]);
      await client.submit('parse', { input });
    });
  });

  it('does not keep the sandbox from closing', async () => {
    const sandbox = await createSandbox();
    const held = sandbox.faults.hold({ on: 'list' });
    const list = clientOf(sandbox)
      .get('/jobs')
      .catch(() => 'lost');
    await held.reached;
    await sandbox.close();
    expect(await list).toBe('lost');
  });
});

describe('the control endpoint', () => {
  it('sets the script and shows it', async () => {
    await withSandbox({}, async ({ client, sandbox }) => {
      const at = `${sandbox.url}/_sandbox`;
      expect(await answerOf(await fetch(`${at}/health`))).toMatchObject({ status: 200, body: { status: 'ok' } });
      const script: FaultRule[] = [{ on: 'list', do: 'html-502' }];
      const set = await answerOf(await fetch(`${at}/faults`, { method: 'POST', body: JSON.stringify(script) }));
      expect(set).toMatchObject({ status: 200, body: script });
      expect((await client.get('/jobs')).status).toBe(502);
      expect(await answerOf(await fetch(`${at}/faults`))).toMatchObject({ body: script });
    });
  });

  it.each([
    ['[{"on":"list"}]', 'faults[0].do: '],
    ['{', 'JSON'],
  ])('refuses %s with one line', async (body, text) => {
    await withSandbox({}, async ({ sandbox }) => {
      const answer = await answerOf(await fetch(`${sandbox.url}/_sandbox/faults`, { method: 'POST', body }));
      expect(answer.status).toBe(400);
      expect((answer.body as { error: string }).error).toContain(text);
    });
  });
});

describe('parseFaults', () => {
  it.each([
    [{}, 'faults: Invalid input: expected array'],
    [[{}], 'faults[0].on: '],
    [
      [
        { on: 'get', do: 'html-502' },
        { on: 'nope', do: 'html-502' },
      ],
      'faults[1].on: Invalid option: expected one of "submit"',
    ],
    [[{ on: 'get', do: { status: '500' } }], 'faults[0].do.status: Invalid input: expected number'],
    [[{ on: 'get', do: { status: 500, boddy: 1 } }], 'faults[0].do: Unrecognized key: "boddy"'],
    [[{ on: 'get', do: 'explode' }], 'faults[0].do: Invalid option: expected one of "drop-before-accept"'],
    [[{ on: 'get', do: { slowBodyMs: -1 } }], 'faults[0].do.slowBodyMs: '],
    [[{ on: 'get', call: 0, do: 'html-502' }], 'faults[0].call: '],
    [[{ on: 'get', probability: 2, do: 'html-502' }], 'faults[0].probability: '],
    [[{ on: 'get', operation: 'parsing', do: 'html-502' }], 'faults[0].operation: '],
    [[{ on: 'get', provider: 'pulze', do: 'html-502' }], 'faults[0].provider: '],
    [[{ job: 'stuk' }], 'faults[0].job: Invalid option: expected one of "stuck"|"vanished"'],
    [[{ job: { failed: { nam: 1 } } }], 'faults[0].job.failed.name: '],
    [[{ job: { cancel: 'never' } }], 'faults[0].job.cancel: '],
    [[{ job: { statusWord: 'Failed', forMs: 1 } }], 'faults[0].job.statusWord: expected a word that is no end'],
    [[{ job: 'stuck', on: 'get' }], 'faults[0]: Unrecognized key: "on"'],
  ])('%j is refused in one line that says where', (script, line) => {
    const parse = (): unknown => parseFaults(script);
    expect(parse).toThrow(line);
    expect(parse).not.toThrow('\n');
  });

  it('takes a right one as it is', () => {
    const script = [
      { on: 'submit', operation: 'parse', call: { from: 1, to: 3 }, probability: 0.5, do: 'drop-after-accept' },
      { job: { statusWord: 'Idle', forMs: 10 }, nth: 2 },
    ];
    expect(parseFaults(script)).toEqual(script);
  });
});
