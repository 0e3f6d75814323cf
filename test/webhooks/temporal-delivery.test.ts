import type { Client } from '@temporalio/client';
import { describe, expect, it } from 'vitest';
import { createTemporalDelivery, createWebhookHandler } from '../../src/webhooks/index.js';
import { ACCOUNTS, COMPLETED, JOB, signed } from './sender.js';

const OWNER = { namespaceId: 'ns-1', workflowId: 'invoice-7', firstExecutionRunId: 'run-1' };
const EVENT = { provider: 'reducto', account: 'mine', jobId: JOB, status: 'completed' as const, eventId: 'msg_1' };

interface Stub {
  client: Client;
  calls: unknown[][];
}

const named = (name: string): Error => Object.assign(new Error('canary'), { name });

/** A client that notes what is asked of it. */
function stub(answers: { namespaceId?: string | Error; signal?: Error; start?: Error } = {}): Stub {
  const calls: unknown[][] = [];
  const answer = async (error: Error | undefined, ...call: unknown[]): Promise<undefined> => {
    calls.push(call);
    if (error !== undefined) throw error;
    return undefined;
  };
  const { namespaceId = 'ns-1' } = answers;
  const client = {
    options: { namespace: 'invoices' },
    withDeadline: (_deadline: number, work: () => Promise<unknown>) => work(),
    workflowService: {
      async describeNamespace(request: object) {
        await answer(namespaceId instanceof Error ? namespaceId : undefined, 'describe', request);
        return { namespaceInfo: { id: namespaceId } };
      },
    },
    workflow: {
      getHandle: (...id: unknown[]) => ({
        signal: (...signal: unknown[]) => answer(answers.signal, 'signal', id, signal),
      }),
      signalWithStart: (...start: unknown[]) => answer(answers.start, 'start', ...start),
    },
  };
  return { client: client as never, calls };
}

describe('an event that tells its job’s owner', () => {
  const signal = [
    'signal',
    ['invoice-7'],
    [
      'documentJobWebhook',
      { provider: 'reducto', account: 'mine', jobId: JOB, status: 'completed', firstExecutionRunId: 'run-1' },
    ],
  ];
  const describe_ = ['describe', { namespace: 'invoices' }];

  it('is a signal to the owner, whatever run it is in, and the namespace is asked for once', async () => {
    const { client, calls } = stub();
    const deliver = createTemporalDelivery({ client });
    expect(await deliver({ ...EVENT, owner: OWNER })).toBeUndefined();
    await deliver({ ...EVENT, owner: OWNER });
    expect(calls).toEqual([describe_, signal, signal]);
  });

  it('of another namespace is nobody’s', async () => {
    const { client, calls } = stub({ namespaceId: 'ns-2' });
    expect(await createTemporalDelivery({ client })({ ...EVENT, owner: OWNER })).toBe('nobody-waits');
    expect(calls).toEqual([describe_]);
  });

  it('is sent all the same where the namespace can’t be told, which is asked again', async () => {
    const { client, calls } = stub({ namespaceId: named('ServiceError') });
    const deliver = createTemporalDelivery({ client });
    await deliver({ ...EVENT, owner: OWNER });
    await deliver({ ...EVENT, owner: OWNER });
    expect(calls).toEqual([describe_, signal, describe_, signal]);
  });

  it('that has ended, or never was, is nobody’s', async () => {
    const { client, calls } = stub({ signal: named('WorkflowNotFoundError') });
    expect(await createTemporalDelivery({ client })({ ...EVENT, owner: OWNER })).toBe('nobody-waits');
    expect(calls).toHaveLength(2);
  });

  it.each(['ServiceError', 'NamespaceNotFoundError'])('is not lost by a %s', async (name) => {
    const { client } = stub({ signal: named(name) });
    await expect(createTemporalDelivery({ client })({ ...EVENT, owner: OWNER })).rejects.toThrow();
  });
});

describe('an event without an owner', () => {
  const start = (taskQueue: string) => [
    'start',
    'documentJobMailbox',
    {
      workflowId: `document-job-mailbox-reducto-mine-${JOB}`,
      taskQueue,
      args: [{ provider: 'reducto', account: 'mine', jobId: JOB }],
      signal: 'documentJobWebhook',
      signalArgs: [{ provider: 'reducto', account: 'mine', jobId: JOB, status: 'completed' }],
      workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
      workflowRunTimeout: '26 hours',
    },
  ];

  it('is a signal to the job’s mailbox, which is started with it', async () => {
    const { client, calls } = stub();
    await createTemporalDelivery({ client })(EVENT);
    await createTemporalDelivery({ client, mailbox: { taskQueue: 'mine' } })(EVENT);
    expect(calls).toEqual([start('document-jobs'), start('mine')]);
  });

  it('is nobody’s when its mailbox was emptied, or there are to be none', async () => {
    const late = stub({ start: named('WorkflowExecutionAlreadyStartedError') });
    expect(await createTemporalDelivery(late)(EVENT)).toBe('nobody-waits');
    const none = stub();
    expect(await createTemporalDelivery({ client: none.client, mailbox: false })(EVENT)).toBe('nobody-waits');
    expect(none.calls).toEqual([]);
  });
});

it.each([
  [{}, 204, 'taken'],
  [{ start: named('WorkflowExecutionAlreadyStartedError') }, 204, 'nobody-waits'],
  [{ start: named('ServiceError') }, 503, 'not-delivered'],
])('the receiver answers by what Temporal did: %j', async (answers, status, reason) => {
  const log: unknown[] = [];
  const { client } = stub(answers);
  const handle = createWebhookHandler({ accounts: ACCOUNTS, client, log: (entry) => void log.push(entry) });
  expect((await handle(signed(COMPLETED))).status).toBe(status);
  expect(log).toMatchObject([{ reason, status }]);
  expect(JSON.stringify(log)).not.toContain('canary');
});
