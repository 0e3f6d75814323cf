import type { Context } from '@temporalio/activity';
import { describe, expect, it } from 'vitest';
import { checkFleet, createFleet, livingWorkers } from '../../../src/activities/governor/fleet.js';
import { createDocumentActivities, memoryStore } from '../../../src/index.js';

const SECOND = 1_000;

/** An activity's context on a task queue whose workers a test names. */
function contextOn(taskQueue: string, pollers: () => string[] | Error) {
  const asked: string[] = [];
  const describeTaskQueue = async (request: { taskQueue: { name: string } }) => {
    asked.push(request.taskQueue.name);
    const names = pollers();
    if (names instanceof Error) throw names;
    return { pollers: names.map((identity) => ({ identity, lastAccessTime: { seconds: 1_000, nanos: 0 } })) };
  };
  const client = { workflowService: { describeTaskQueue }, withDeadline: (_: number, work: () => unknown) => work() };
  return { asked, context: { info: { namespace: 'default', taskQueue }, client } as unknown as Context };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a fleet', () => {
  it('is this worker alone until Temporal has told more, and what was known when it does not', async () => {
    let now = 0;
    let pollers: string[] | Error = ['a', 'b', 'c'];
    const fleet = createFleet('auto', () => now);
    const { context, asked } = contextOn('q', () => pollers);
    expect(fleet.size('x')).toBe(1);
    fleet.look('x', context);
    expect(fleet.size('x')).toBe(1);
    await turn();
    expect(fleet.size('x')).toBe(3);
    pollers = new Error('unavailable');
    now += 10 * SECOND;
    fleet.look('x', context);
    await turn();
    expect(asked.length).toBe(2);
    expect(fleet.size('x')).toBe(3);
  });

  it('is asked for seldom, the more so the longer it stays the same: at most once a minute then', async () => {
    let now = 0;
    const fleet = createFleet('auto', () => now);
    const { context, asked } = contextOn('q', () => ['a', 'b']);
    for (; now < 600 * SECOND; now += 100) {
      fleet.look('x', context);
      await turn();
    }
    expect(asked.length).toBeGreaterThanOrEqual(10);
    expect(asked.length).toBeLessThanOrEqual(10 + 5);
  });

  it('of an account are the workers of all task queues that it is used on here, each once', async () => {
    const fleet = createFleet('auto', () => 0);
    fleet.look('x', contextOn('one', () => ['a', 'b']).context);
    fleet.look('x', contextOn('two', () => ['b', 'c']).context);
    fleet.look('y', contextOn('two', () => []).context);
    await turn();
    expect([fleet.size('x'), fleet.size('y')]).toEqual([3, 2]);
  });

  it('does without Temporal where its size is given', () => {
    const { context, asked } = contextOn('q', () => ['a']);
    const fleet = createFleet({ size: 4 });
    fleet.look('x', context);
    expect([fleet.size('x'), asked.length]).toEqual([4, 0]);
  });
});

it('workers that have not asked for work for two minutes are gone, by the server’s own clock', () => {
  const seen = (identity: string, ageMs: number) => ({ identity, seenAt: 5_000_000 - ageMs });
  const workers = livingWorkers([
    seen('a', 0),
    seen('b', 119 * SECOND),
    seen('c', 121 * SECOND),
    seen('a', 400 * SECOND),
  ]);
  expect([...workers]).toEqual(['a', 'b']);
  expect(livingWorkers([]).size).toBe(0);
});

it.each([[{ size: 0 }], [{ size: 1.5 }], [{}], ['all']])('refuses the option %j by name', (fleet) => {
  const refused = () => createDocumentActivities({ accounts: {}, results: memoryStore(), fleet: fleet as never });
  expect(refused).toThrow(/fleet: expected "auto" or \{ size/);
  expect(() => checkFleet(fleet as never)).toThrow(TypeError);
});
