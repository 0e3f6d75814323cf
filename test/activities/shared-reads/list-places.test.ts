import fc from 'fast-check';
import { describe, it } from 'vitest';
import { createListPlaces } from '../../../src/activities/shared-reads/list-places.js';
import type { ListedJob } from '../../../src/providers/provider.js';
import { expect, RUNS } from '../../support/properties.js';
import { EPOCH } from '../../support/virtual-time.js';

const listed = (madeAt: number | null): ListedJob => ({
  jobId: String(madeAt),
  status: 'running',
  vendorStatus: 'Pending',
  type: null,
  operation: 'parse',
  createdAt: madeAt === null ? null : new Date(EPOCH + madeAt).toISOString(),
  pages: null,
});

/** Pages of jobs by when they were made; cursors are the number of the page that they lead to. */
function swept(pages: readonly (readonly (number | null)[])[], isWhole = true) {
  const places = createListPlaces();
  pages.forEach((page, index) => {
    const isLast = isWhole && index === pages.length - 1;
    places.note(index, page.map(listed), isLast ? null : `to ${index + 1}`);
  });
  return {
    pageOf: (madeAt: number) => places.pageOf(EPOCH + madeAt),
    startFor: (newest: number) => places.startFor(EPOCH + newest),
  };
}

describe('places in a list', () => {
  it('are those of the last sweep from the top', () => {
    const { pageOf, startFor } = swept([
      [90, 80],
      [70, 60],
      [50, 40],
    ]);
    expect([95, 80, 75, 60, 41, 10].map(pageOf)).to.deep.equal([0, 0, 1, 1, 2, 3]);
    expect([95, 80].map(startFor)).to.deep.equal([null, null]);
    expect(startFor(75)).to.deep.equal({ page: 1, cursor: 'to 1' });
    expect(startFor(45)).to.deep.equal({ page: 2, cursor: 'to 2' });
  });

  it('below what was read are guessed by its density', () => {
    const { pageOf } = swept(
      [
        [100, 90],
        [80, 70],
        [60, 50],
      ],
      false,
    );
    expect([50, 49, 34, 33, -10].map(pageOf)).to.deep.equal([2, 3, 3, 4, 6]);
    expect([90, 80, 71, 69].map(swept([[100, 90]], false).pageOf)).to.deep.equal([0, 2, 2, 3]);
  });

  it('are unknown at first', () => {
    const places = createListPlaces();
    expect([places.known, places.pageOf(EPOCH), places.startFor(EPOCH)]).to.deep.equal([false, 0, null]);
    places.note(0, [listed(5)], 'to 1');
    expect(places.known).to.equal(true);
  });

  it('are not skipped where a job does not say when it was made', () => {
    const { startFor } = swept(
      [
        [90, 80],
        [70, null],
        [50, 40],
      ],
      false,
    );
    expect(startFor(10)).to.deep.equal({ page: 1, cursor: 'to 1' });
  });

  it('never lie before the start of a sweep, whatever the order of the list', () => {
    const page = fc.array(fc.nat(1_000), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(
        fc.array(page, { maxLength: 8 }),
        fc.boolean(),
        fc.boolean(),
        fc.nat(1_000),
        (given, sorts, whole, newest) => {
          const sorted = given.flat().sort((a, b) => b - a);
          const pages = sorts ? given.map((one) => sorted.splice(0, one.length)) : given;
          const start = swept(pages, whole).startFor(newest);
          const skipped = pages.slice(0, start?.page ?? 0).flat();
          expect(skipped.filter((madeAt) => madeAt <= newest)).to.deep.equal([]);
        },
      ),
      RUNS,
    );
  });
});
