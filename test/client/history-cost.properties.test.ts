import fc from 'fast-check';
import { describe, it } from 'vitest';
import { type CostEvent, historyCost } from '../../src/client/history-cost.js';
import { expect, RUNS } from '../support/properties.js';

const event: fc.Arbitrary<CostEvent> = fc.oneof(
  fc.constantFrom<CostEvent>(
    { workflowExecutionStartedEventAttributes: {} },
    { workflowExecutionSignaledEventAttributes: {} },
    { activityTaskScheduledEventAttributes: {} },
    { timerStartedEventAttributes: {} },
    { startChildWorkflowExecutionInitiatedEventAttributes: {} },
    {},
  ),
  fc.nat(9).map((attempt) => ({ activityTaskStartedEventAttributes: { attempt } })),
);
const events = fc.array(event, { maxLength: 8 });

describe('historyCost', () => {
  it('is the sum of its parts in any order, and an event costs at most two actions unless it was retried', () => {
    fc.assert(
      fc.property(events, events, (some, more) => {
        const [a, b] = [historyCost({ events: some }), historyCost({ events: more })];
        const sum = { events: a.events + b.events, actions: a.actions + b.actions };
        expect(historyCost({ events: [...more, ...some].reverse() })).toEqual(sum);
        const retries = some.reduce((all, one) => all + (one.activityTaskStartedEventAttributes?.attempt ?? 0), 0);
        expect(a.actions >= 0 && a.actions <= 2 * some.length + retries).toBe(true);
      }),
      RUNS,
    );
  });

  it('counts each attempt of an activity once', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 5 }), (attempts) => {
        const history = attempts.flatMap((attempt) => [
          { activityTaskScheduledEventAttributes: {} },
          { activityTaskStartedEventAttributes: { attempt } },
        ]);
        expect(historyCost({ events: history }).actions).toBe(attempts.reduce((sum, one) => sum + one, 0));
      }),
      RUNS,
    );
  });
});
