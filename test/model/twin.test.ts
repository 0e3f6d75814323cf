import { describe, expect, it } from 'vitest';
import type { Event, Schedule } from './schedule.js';
import type { Seen } from './seen.js';
import { callsChangeNothing, withoutCalls } from './twin.js';

const CALL: Event = { on: 'submit', of: 'parse', nth: 1, do: 'vendor calls in the sleep after it' };
const LOST: Event = { on: 'submit', of: 'parse', nth: 1, do: 'reply lost' };

const seen = (over: Partial<Seen> = {}): Seen =>
  ({ end: { kind: 'cancelled' }, fired: [], receipt: null, reads: 1, ...over }) as Seen;

describe('a document with webhooks, beside the same without', () => {
  it('has neither the trait nor the calls there', () => {
    const schedule: Schedule = { vendor: 'pulse', asks: 'parse', options: {}, vendorHas: {}, events: [CALL, LOST] };
    expect(withoutCalls(schedule)).toBeNull();
    const twin = withoutCalls({ ...schedule, vendorHas: { calls: true, urlResults: true } });
    expect(twin).toEqual({ ...schedule, vendorHas: { urlResults: true }, events: [LOST] });
  });

  it('may be read once more a call', () => {
    expect(callsChangeNothing(seen({ fired: [CALL], reads: 2 }), seen())).toEqual([]);
    expect(callsChangeNothing(seen({ fired: [CALL], reads: 3 }), seen())).toEqual([
      'G8: 3 reads, at most 2 were wanted',
    ]);
    expect(callsChangeNothing(seen({ reads: 2 }), seen())).toHaveLength(1);
  });

  it('comes to the same', () => {
    const other = seen({ end: { kind: 'hung' } });
    expect(callsChangeNothing(other, seen())).toEqual(['G8: with webhooks hung, without cancelled']);
  });

  it('is held against it only where the same happened to both', () => {
    expect(callsChangeNothing(seen({ fired: [LOST, CALL] }), seen())).toBeNull();
    expect(callsChangeNothing(seen({ fired: [LOST, CALL] }), seen({ fired: [LOST] }))).toEqual([]);
  });
});
