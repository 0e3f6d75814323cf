import { expect, test } from 'vitest';
import { readDocument, splitPages } from '../../../src/sandbox/document/index.js';

const read = (...pages: string[]) => readDocument(new TextEncoder().encode(pages.join('\f')));
const LEASE = { name: 'Lease', description: 'Rent, landlord and tenant' };
const RECIPE = { name: 'Recipe', description: 'Ingredients and cooking' };

test('a page without a word of any topic follows the page before it, and that is not sure', async () => {
  const document = await read(
    'Rent is paid to the landlord.',
    'Lorem ipsum dolor.',
    'Ingredients: flour. Start cooking.',
  );
  expect(splitPages(document, [LEASE, RECIPE])).toEqual([
    { name: 'Lease', pages: [1, 2], confident: false },
    { name: 'Recipe', pages: [3], confident: true },
  ]);
});

test('a topic without evidence gets no pages, in whatever order it is asked', async () => {
  const document = await read('Rent is paid to the landlord.', 'The tenant pays the rent.');
  expect(splitPages(document, [RECIPE, LEASE]).map(({ pages }) => pages)).toEqual([[], [1, 2]]);
});

test('nothing is assigned when no page speaks of any topic', async () => {
  expect(splitPages(await read('Lorem ipsum.', 'Dolor sit.'), [LEASE, RECIPE]).map(({ pages }) => pages)).toEqual([
    [],
    [],
  ]);
});

test('only the pages asked for are looked at', async () => {
  const document = await read(
    'Rent is paid to the landlord.',
    'Ingredients: flour. Start cooking.',
    'The tenant pays rent.',
  );
  expect(splitPages(document, [LEASE, RECIPE], { pages: [2, 3] }).map(({ pages }) => pages)).toEqual([[3], [2]]);
});
