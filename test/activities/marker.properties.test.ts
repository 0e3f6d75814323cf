import fc from 'fast-check';
import { describe, it } from 'vitest';
import { submitMarker } from '../../src/activities/marker.js';
import { createSettledMarkers } from '../../src/activities/settled-markers.js';
import { jsonObject, operation, word } from '../support/arbitraries.js';
import { expect, RUNS } from '../support/properties.js';

/** Texts that would run into each other if they were only joined. */
const text = fc.string({ unit: fc.constantFrom('a', '"', ',', '[', '\\', '\n', '1'), maxLength: 4 });
const submit = fc.record({
  origin: fc.record({ namespace: text, workflowId: text }),
  marker: fc.record({ firstExecutionRunId: text, origin: text, ordinal: fc.nat(3), resubmit: fc.nat(3) }),
  request: fc.record({ operation, input: word, options: jsonObject }, { requiredKeys: ['operation', 'input'] }),
});
type Submit = typeof submit extends fc.Arbitrary<infer T> ? T : never;
const markerOf = ({ origin, marker, request }: Submit): string => submitMarker(origin, marker, request);

describe('submitMarker', () => {
  it('is the same whatever became of the input, and when it has been through a history', () => {
    fc.assert(
      fc.property(submit, word, (given, upload) => {
        const marker = markerOf(given);
        const again = JSON.parse(JSON.stringify({ ...given, request: { ...given.request, input: upload } })) as Submit;
        expect(markerOf(again)).toBe(marker);
        expect(marker).toMatch(/^[0-9a-f]{64}$/);
      }),
      RUNS,
    );
  });

  it('differs for two submits that differ in anything else', () => {
    fc.assert(
      fc.property(submit, submit, fc.subarray(['origin', 'marker', 'request'] as const), (one, other, shared) => {
        const second = { ...other, ...Object.fromEntries(shared.map((part) => [part, one[part]])) };
        const asked = ({ request: { input: _input, ...request }, ...rest }: Submit) => [rest, request];
        const isSame = JSON.stringify(asked(one)) === JSON.stringify(asked(second));
        expect(markerOf(one) === markerOf(second)).toBe(isSame);
      }),
      RUNS,
    );
  });
});

describe('settled markers', () => {
  it('are known once after each time that they were settled', () => {
    const step = fc.tuple(fc.constantFrom('add', 'take'), fc.constantFrom('m1', 'm2', 'm3'));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        const settled = createSettledMarkers();
        const last = new Map<string, string>();
        for (const [what, marker] of steps) {
          if (what === 'add') settled.add(marker);
          else expect(settled.take(marker)).toBe(last.get(marker) === 'add');
          last.set(marker, what);
        }
      }),
      RUNS,
    );
  });
});
