import { expect, it } from 'vitest';
import { historyCost, type CostEvent } from '../../src/client/history-cost.js';

it.each<[string, CostEvent[], number]>([
  ['nothing', [], 0],
  ['a start', [{ workflowExecutionStartedEventAttributes: {} }], 1],
  ['a workflow task', [{}, {}, {}], 0],
  [
    'an activity of one attempt',
    [{ activityTaskScheduledEventAttributes: {} }, { activityTaskStartedEventAttributes: { attempt: 1 } }],
    1,
  ],
  [
    'an activity of four attempts',
    [{ activityTaskScheduledEventAttributes: {} }, { activityTaskStartedEventAttributes: { attempt: 4 } }],
    4,
  ],
  ['an activity that never started', [{ activityTaskScheduledEventAttributes: {} }], 1],
  ['a timer', [{ timerStartedEventAttributes: {} }], 1],
  ['a signal', [{ workflowExecutionSignaledEventAttributes: {} }], 1],
  ['an update', [{ workflowExecutionUpdateAcceptedEventAttributes: {} }], 1],
  ['search attributes', [{ upsertWorkflowSearchAttributesEventAttributes: {} }], 1],
  ['continue-as-new', [{ workflowExecutionContinuedAsNewEventAttributes: {} }], 1],
  ['a child workflow', [{ startChildWorkflowExecutionInitiatedEventAttributes: {} }], 2],
])('counts the actions of %s', (_what, events, actions) => {
  expect(historyCost({ events })).toEqual({ events: events.length, actions });
});

it('reads absent fields as the decoder leaves them: null', () => {
  const event: CostEvent = { timerStartedEventAttributes: {}, workflowExecutionStartedEventAttributes: null };
  expect(historyCost({ events: [event] })).toEqual({ events: 1, actions: 1 });
  expect(historyCost({ events: null })).toEqual({ events: 0, actions: 0 });
});
