import { describe, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/index.js';

/** So many reads of a job that is not there, one after the other. @returns their answers. */
async function reads({ reducto: { baseUrl, apiKey } }: Sandbox, count: number, path = '/job/none') {
  const answers: { status: number; text: string }[] = [];
  for (let nth = 0; nth < count; nth++) {
    const answer = await fetch(`${baseUrl}${path}`, { headers: { authorization: `Bearer ${apiKey}` } });
    answers.push({ status: answer.status, text: await answer.text() });
  }
  return answers;
}

const statuses = (answers: { status: number }[]): number[] => answers.map(({ status }) => status);

describe('limits', () => {
  it('of reads: as many as a second allows at once, then as time passes, with the vendor’s own 429', async () => {
    let now = 1_000_000;
    await using sandbox = await createSandbox({ now: () => now, limits: { readsPerSecond: 3 } });
    const answers = await reads(sandbox, 5);
    expect(statuses(answers)).toEqual([404, 404, 404, 429, 429]);
    expect(answers[4]?.text).toContain('[CODE 2000]');
    now += 400;
    expect(statuses(await reads(sandbox, 2))).toEqual([404, 429]);
    now += 60_000;
    expect(statuses(await reads(sandbox, 4))).toEqual([404, 404, 404, 429]);
    expect(sandbox.limits.refused()).toEqual({ requestsPerSecond: 0, readsPerSecond: 4 });
    expect(sandbox.ledger.counts().reads).toBe(11);
  });

  it('of all requests, and each vendor has its own', async () => {
    await using sandbox = await createSandbox({ now: () => 1, limits: { requestsPerSecond: 2 } });
    const [first, second, third] = [
      ...(await reads(sandbox, 1)),
      ...(await reads(sandbox, 1, '/jobs')),
      ...(await reads(sandbox, 1, '/jobs')),
    ];
    expect([first?.status, second?.status, third?.status]).toEqual([404, 200, 429]);
    expect(third?.text).toContain('[CODE 1000]');
    const { baseUrl, apiKey } = sandbox.pulse;
    const headers = { 'x-api-key': apiKey };
    const other = async () => (await fetch(`${baseUrl}/job/none`, { headers })).status;
    expect([await other(), await other(), await other()]).toEqual([404, 404, 429]);
  });

  it('change while it runs, by itself and by the control API, which names what is wrong', async () => {
    await using sandbox = await createSandbox({ now: () => 1 });
    const post = async (limits: object) => {
      const answer = await fetch(`${sandbox.url}/_sandbox/limits`, { method: 'POST', body: JSON.stringify(limits) });
      return { status: answer.status, body: await answer.json() };
    };
    expect(await post({ readsPerSecond: 1 })).toMatchObject({ status: 200, body: { readsPerSecond: 1 } });
    expect(statuses(await reads(sandbox, 2))).toEqual([404, 429]);
    sandbox.limits.set({ readsPerSecond: null });
    expect(statuses(await reads(sandbox, 2))).toEqual([404, 404]);
    const got: unknown = await (await fetch(`${sandbox.url}/_sandbox/limits`)).json();
    expect(got).toMatchObject({ readsPerSecond: null, refused: { readsPerSecond: 1 } });
    expect(await post({ readsPerSecond: 0 })).toMatchObject({ status: 400 });
    const { body } = await post({ readPerSecond: 1 });
    expect((body as { error: string }).error).toContain('limits');
    expect(() => sandbox.limits.set({ readsPerSecond: -1 })).toThrow(/limits\.readsPerSecond/);
  });
});
