import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IdIndex } from '../../src/batch/id-index.js';
import { DEFAULT_PRIORITY, PlanOrder } from '../../src/batch/plan/plan-order.js';
import { assertAll } from '../support/batch-properties.js';

interface Item {
  priority?: number;
  tenant?: string;
}
const item = fc.record(
  { priority: fc.integer({ min: 1, max: 5 }), tenant: fc.constantFrom('a', 'b', 'c', 'd') },
  { requiredKeys: [] },
);

function ordered(items: readonly Item[]): number[] {
  const order = new PlanOrder();
  for (const one of items) order.add(one);
  return [...order.sorted()];
}

describe('PlanOrder', () => {
  it('is by priority, then by turns, then as they came, and has each document once', () => {
    assertAll(fc.array(item, { maxLength: 60 }), (items) => {
      const turnOf = (at: number): number => {
        const { priority = DEFAULT_PRIORITY, tenant = '' } = items[at] ?? {};
        const isBefore = (one: Item, index: number): boolean =>
          index < at && (one.priority ?? DEFAULT_PRIORITY) === priority && (one.tenant ?? '') === tenant;
        return items.filter(isBefore).length;
      };
      const keyOf = (at: number): [number, number, number] => [items[at]?.priority ?? DEFAULT_PRIORITY, turnOf(at), at];
      const expected = items
        .map((_, at) => at)
        .sort((a, b) => {
          const [left, right] = [keyOf(a), keyOf(b)];
          return left[0] - right[0] || left[1] - right[1] || left[2] - right[2];
        });
      expect(ordered(items)).toEqual(expected);
    });
  });

  it('lets no tenant wait longer than its own documents take, times the number of tenants', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 6 });
    assertAll(fc.tuple(sizes, fc.integer()), ([counts, seed]) => {
      const items = shuffled(
        counts.flatMap((count, tenant) => Array<Item>(count).fill({ tenant: `t${tenant}` })),
        seed,
      );
      const order = ordered(items).map((at) => items[at]?.tenant);
      for (const [tenant, count] of counts.entries()) {
        expect(order.lastIndexOf(`t${tenant}`)).toBeLessThan(count * counts.length);
      }
    });
  });

  it('grows beyond its first size', () => {
    const items = Array.from({ length: 20_000 }, (_, at) => ({ tenant: `t${at % 7}` }));
    const order = ordered(items);
    expect(new Set(order).size).toBe(20_000);
    expect(order.slice(0, 7)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });
});

describe('IdIndex', () => {
  it('is a map', () => {
    const entry = fc.tuple(fc.string({ maxLength: 3 }), fc.nat());
    assertAll(fc.array(entry, { maxLength: 200 }), (entries) => {
      const index = new IdIndex();
      for (const [name, value] of entries) index.set(name, value);
      const map = new Map(entries);
      expect(index.size).toBe(map.size);
      for (const [name, value] of map) expect(index.get(name)).toBe(value);
      expect(index.get('not there')).toBeUndefined();
    });
  });

  it('keeps a hundred thousand names apart', () => {
    const index = new IdIndex();
    for (let at = 0; at < 100_000; at++) index.set(`name-${at}`, at);
    for (let at = 0; at < 100_000; at += 97) expect(index.get(`name-${at}`)).toBe(at);
    expect(index.size).toBe(100_000);
  });
});

function shuffled<T>(items: readonly T[], seed: number): T[] {
  const random = (at: number): number => Math.abs(Math.sin(seed + at * 12.9898) * 43_758.5453) % 1;
  return items
    .map((one, at) => [random(at), one] as const)
    .sort(([a], [b]) => a - b)
    .map(([, one]) => one);
}
