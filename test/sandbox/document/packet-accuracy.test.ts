import { expect, test } from 'vitest';
import { readDocument, splitPages } from '../../../src/sandbox/document/index.js';
import { makePacketPdf } from '../../support/packet-pdf.js';

test('25 random packets: at least 90 % of the pages go to their topic, and absent topics get none', async () => {
  const wrong: string[] = [];
  let all = 0;
  for (let seed = 1; seed <= 25; seed++) {
    const { bytes, sections, pages } = await makePacketPdf(seed);
    const found = splitPages(await readDocument(bytes), sections);
    expect(found.map(({ name }) => name)).toEqual(sections.map(({ name }) => name));
    for (const [name, wanted] of Object.entries(pages)) {
      all += wanted.length;
      const given = found.find((section) => section.name === name)?.pages ?? [];
      for (const page of wanted.filter((number) => !given.includes(number))) {
        const got = found.find((section) => section.pages.includes(page))?.name ?? 'nothing';
        wrong.push(`seed ${seed} page ${page}: ${got} instead of ${name}`);
      }
    }
    const assigned = found.flatMap((section) => section.pages);
    expect(new Set(assigned).size, 'a page stands in one section only').toBe(assigned.length);
  }
  const share = 1 - wrong.length / all;
  expect(share, `${wrong.length} of ${all} pages wrong\n${wrong.join('\n')}`).toBeGreaterThanOrEqual(0.9);
});
