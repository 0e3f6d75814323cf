import { beforeAll, describe, expect, test } from 'vitest';
import { parseChunks, readDocument, type SandboxDocument } from '../../../src/sandbox/document/index.js';
import { makePdf } from '../../support/pdf.js';

let document: SandboxDocument;
beforeAll(async () => {
  const bytes = await makePdf(
    (doc) => {
      for (const name of ['One', 'Two']) {
        doc.addPage().fontSize(24).text(`Part ${name}`, 72, 100, { lineBreak: false });
        doc.fontSize(10).text(`Words of part ${name}.`, 72, 160, { lineBreak: false });
        [
          ['Item', 'Qty', 'Price'],
          ['bolt | nut', '3', '1.50'],
          ['washer', '9', '0.05'],
        ].forEach((row, r) =>
          row.forEach((cell, c) => doc.text(cell, 72 + c * 120, 200 + r * 16, { lineBreak: false })),
        );
        doc.text('The end of the part.', 72, 300, { lineBreak: false });
      }
    },
    { autoFirstPage: false },
  );
  document = await readDocument(bytes);
});

describe('chunk modes', () => {
  test.each([
    ['disabled', 1],
    ['page', 2],
    ['section', 2],
    ['page_sections', 2],
    ['variable', 1],
    ['block', 8],
  ] as const)('%s', (chunkMode, count) => {
    expect(parseChunks(document, { chunkMode })).toHaveLength(count);
  });
});

test('content is Markdown, blocks are not', () => {
  const [chunk] = parseChunks(document, { chunkMode: 'page' });
  expect(chunk!.content).toBe(
    [
      '# Part One',
      'Words of part One.',
      '| Item | Qty | Price |\n| --- | --- | --- |\n| bolt \\| nut | 3 | 1.50 |\n| washer | 9 | 0.05 |',
      'The end of the part.',
    ].join('\n\n'),
  );
  expect(chunk!.blocks[0]).toMatchObject({ type: 'Title', content: 'Part One', page: 1, originalPage: 1 });
});

test('pages asked for are counted anew and keep their number in the file', () => {
  const [chunk] = parseChunks(document, { chunkMode: 'disabled', pages: [2] });
  expect(chunk!.blocks.map(({ page, originalPage }) => [page, originalPage])).toEqual(
    Array.from({ length: 4 }, () => [1, 2]),
  );
});
