import fc from 'fast-check';
import { describe, it } from 'vitest';
import { placeOf, type ResultFacts } from '../../src/activities/result-place.js';
import { expect, RUNS } from '../support/properties.js';

const facts = fc
  .record({
    choice: fc.constantFrom<ResultFacts['choice'][]>('inline', 'stored', 'auto'),
    bareSize: fc.nat(300),
    citations: fc.nat(300),
    limit: fc.nat(300),
  })
  .map(({ citations, ...rest }): ResultFacts => ({ ...rest, size: rest.bareSize + citations }));

describe('placeOf', () => {
  it.each([
    ['inline', 10, 10, 10, 'inline'],
    ['inline', 11, 10, 10, 'too_large'],
    ['auto', 10, 5, 10, 'inline'],
    ['auto', 11, 10, 10, 'bare'],
    ['auto', 11, 11, 10, 'stored'],
    ['auto', 2, 2, 0, 'stored'],
    ['stored', 1, 1, 10, 'stored'],
  ] as const)('%s: %i bytes, %i without citations, limit %i → %s', (choice, size, bareSize, limit, place) => {
    expect(placeOf({ choice, size, bareSize, limit })).to.equal(place);
  });

  it('never lets more than the limit travel, and fails only where inline was demanded', () => {
    const property = fc.property(facts, (one) => {
      const place = placeOf(one);
      const travels = { inline: one.size, bare: one.bareSize, stored: 0, too_large: 0 }[place];
      expect(travels).to.be.at.most(one.limit);
      if (place === 'too_large') expect(one.choice).to.equal('inline');
      if (one.choice === 'stored') expect(place).to.equal('stored');
    });
    fc.assert(property, RUNS);
  });
});
