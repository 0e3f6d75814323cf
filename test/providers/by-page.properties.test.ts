import fc from 'fast-check';
import { describe, it } from 'vitest';
import { byPage, type OnPage, type PageOf, type Wants } from '../../src/providers/by-page.js';
import { expect, RUNS } from '../support/properties.js';

type Item = OnPage<number>;

/** Mostly in order, as documents are; some go back, some are on no page. */
const documents = fc
  .array(
    fc.record({
      step: fc.constantFrom(0, 0, 0, 1, 1, 2, -3),
      size: fc.integer({ min: 1, max: 20 }),
      isPlaced: fc.boolean(),
    }),
    {
      maxLength: 60,
    },
  )
  .map((steps) => {
    let page = 1;
    return steps.map(({ step, size, isPlaced }, item): Item => {
      page += step;
      return { page: isPlaced || item % 5 > 0 ? page : null, item, size };
    });
  });

/** The body, and what became of its readings. */
function readings(items: readonly Item[]) {
  const seen = { begun: 0, made: 0 };
  const read = (wants: Wants): AsyncIterable<Item> => ({
    async *[Symbol.asyncIterator]() {
      seen.begun += 1;
      for (const one of items) {
        if (!wants()) continue;
        seen.made += 1;
        yield one;
      }
    },
  });
  return { read, seen };
}

async function pagesOf(pages: AsyncIterable<PageOf<number>>): Promise<PageOf<number>[]> {
  const all: PageOf<number>[] = [];
  for await (const one of pages) all.push(one);
  return all;
}

function expected(items: readonly Item[]): PageOf<number>[] {
  const pages = [...new Set(items.flatMap(({ page }) => page ?? []))].sort((a, b) => a - b);
  return pages.map((page) => ({ page, items: items.filter((one) => one.page === page).map(({ item }) => item) }));
}

describe('byPage', () => {
  it('gives each page once and whole, ascending, whatever fits', async () => {
    const property = fc.asyncProperty(documents, fc.integer({ min: 1, max: 300 }), async (items, budget) => {
      const { read, seen } = readings(items);
      const pages = byPage(read, budget);
      const wanted = expected(items);
      expect(await pagesOf(pages)).to.deep.equal(wanted);
      // Each reading gives one page at least.
      expect(seen.begun).to.be.at.most(Math.max(1, wanted.length));
      expect(await pagesOf(pages)).to.deep.equal(wanted);
    });
    await fc.assert(property, RUNS);
  }, 120_000);

  it('reads what fits once', async () => {
    const { read, seen } = readings([3, 1, 2, 1].map((page, item) => ({ page, item, size: 1 })));
    expect((await pagesOf(byPage(read, 4))).map(({ page }) => page)).to.deep.equal([1, 2, 3]);
    expect(seen).to.deep.equal({ begun: 1, made: 4 });
  });

  it('reads a long body twice when it is in order, and holds a page at a time then', async () => {
    const items = Array.from({ length: 1_000 }, (_, item) => ({ page: Math.floor(item / 10), item, size: 1 }));
    const { read, seen } = readings(items);
    let most = 0;
    for await (const { page } of byPage(read, 20))
      if (page >= 2) most = Math.max(most, seen.made - 1_000 + 20 - (page + 1) * 10);
    expect(seen.begun).to.equal(2);
    expect(most).to.be.at.most(10);
  });

  it('reads again, and makes only what it has room for, when a late item belongs to the first page', async () => {
    const items = Array.from({ length: 100 }, (_, item) => ({ page: item === 99 ? 0 : item, item, size: 1 }));
    const { read, seen } = readings(items);
    expect((await pagesOf(byPage(read, 20))).map(({ page }) => page)).to.deep.equal(
      Array.from({ length: 99 }, (_, page) => page),
    );
    expect(seen.begun).to.equal(2);
    expect(seen.made).to.be.at.most(200);
  });
});
