import type { Context } from '@temporalio/activity';
import { expect, it } from 'vitest';
import { createNamespaceIds } from '../../src/activities/namespace-ids.js';
import { stampingOf } from '../../src/activities/submit-stamp.js';
import type { SubmitInput } from '../../src/jobs/activities.js';

const input: SubmitInput = {
  provider: 'fake',
  account: 'fake',
  request: { operation: 'parse', input: 'https://x/a.pdf' },
  marker: { firstExecutionRunId: 'run-1', origin: 'a', ordinal: 0, resubmit: 0 },
  lookFirst: 'no',
  since: '2026-11-24T09:59:00.000Z',
};

/** An activity whose Temporal answers with these, the last one for ever. */
function given(answers: (string | Error)[], workflowId: string | undefined = 'wf-1') {
  const asked: string[] = [];
  const client = {
    withDeadline: (_at: number, work: () => Promise<unknown>) => work(),
    workflowService: {
      async describeNamespace({ namespace }: { namespace: string }) {
        asked.push(namespace);
        const answer = answers[Math.min(asked.length, answers.length) - 1];
        if (answer instanceof Error) throw answer;
        return { namespaceInfo: { id: answer } };
      },
    },
  };
  const workflowExecution = workflowId === '' ? undefined : { workflowId, runId: 'run-2' };
  const context = { info: { namespace: 'default', workflowExecution }, client } as unknown as Context;
  const namespaces = createNamespaceIds();
  return { asked, stamp: () => stampingOf({ namespaces }, context, input) };
}

const owner = { namespaceId: 'ns-1', workflowId: 'wf-1', firstExecutionRunId: 'run-1' };

it('names the workflow in its namespace, whose id is asked for once', async () => {
  const { stamp, asked } = given(['ns-1']);
  const [first, second] = await Promise.all([stamp(), stamp()]);
  expect(first.stamp).toEqual({ marker: first.markers[0], owner });
  expect(second).toEqual(first);
  expect(asked).toEqual(['default']);
});

it.each([
  ['an error', new Error('permission denied')],
  ['no id', ''],
])('goes without an owner after %s, and asks again', async (_what, answer) => {
  const { stamp } = given([answer, 'ns-1']);
  const { markers, ...first } = await stamp();
  expect(first.stamp).toEqual({ marker: markers[0] });
  expect((await stamp()).stamp).toEqual({ marker: markers[0], owner });
});

it('names nobody without a workflow', async () => {
  const { stamp, asked } = given(['ns-1'], '');
  expect((await stamp()).stamp).not.toHaveProperty('owner');
  expect(asked).toEqual([]);
});
