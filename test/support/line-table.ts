import type { Formats } from './formats.js';
import type { LineFacts, Style } from './invoice-pdf.js';
import type { Random } from './random.js';

interface Column {
  heading: string;
  /** Share of the table's width. */
  share: number;
  align: 'left' | 'right';
  text(line: LineFacts, index: number): string;
}

const HEADINGS = {
  description: ['Description', 'Item', 'Product', 'Details', 'Service'],
  quantity: ['Qty', 'Quantity', 'Qty.', 'Units'],
  unit_price: ['Unit Price', 'Price', 'Rate', 'Unit cost', 'Price each'],
  amount: ['Amount', 'Line Total', 'Total', 'Amt'],
};

/** Draws the line items over as many pages as they need, the headings on each. @returns where it ends. */
export function drawLineTable(
  doc: PDFKit.PDFDocument,
  random: Random,
  style: Style,
  formats: Formats,
  lines: LineFacts[],
  top: number,
): number {
  const columns = pickColumns(random, formats);
  const [ruled, row] = [random.chance(0.5), style.size * random.pick([1.5, 1.8, 2.2])];
  let y = drawRow(
    doc,
    style,
    columns,
    columns.map((column) => column.heading),
    top,
    row,
    ruled,
    true,
  );
  lines.forEach((line, index) => {
    if (y + row > style.bottom) {
      doc.addPage();
      y = drawRow(
        doc,
        style,
        columns,
        columns.map((column) => column.heading),
        60,
        row,
        ruled,
        true,
      );
    }
    y = drawRow(
      doc,
      style,
      columns,
      columns.map((column) => column.text(line, index)),
      y,
      row,
      ruled,
      false,
    );
  });
  return y;
}

function pickColumns(random: Random, formats: Formats): Column[] {
  const number: Column = {
    heading: random.pick(['#', 'Pos', 'Line']),
    share: 0.08,
    align: 'left',
    text: (_line, index) => String(index + 1),
  };
  const numbered = random.chance(0.4);
  const numbers: Column[] = [
    { heading: random.pick(HEADINGS.quantity), share: 0.14, align: 'right', text: (line) => String(line.quantity) },
    {
      heading: random.pick(HEADINGS.unit_price),
      share: 0.2,
      align: 'right',
      text: (line) => formats.amount(line.unit_price),
    },
  ];
  const description: Column = {
    heading: random.pick(HEADINGS.description),
    share: numbered ? 0.34 : 0.42,
    align: 'left',
    text: (line) => line.description,
  };
  const middle = random.chance(0.25) ? [numbers[0]!, description, numbers[1]!] : [description, ...numbers];
  const amount: Column = {
    heading: random.pick(HEADINGS.amount),
    share: 0.24,
    align: 'right',
    text: (line) => formats.amount(line.amount),
  };
  return [...(numbered ? [number] : []), ...middle, amount];
}

function drawRow(
  doc: PDFKit.PDFDocument,
  style: Style,
  columns: Column[],
  texts: string[],
  y: number,
  row: number,
  ruled: boolean,
  heading: boolean,
): number {
  doc.font(heading ? style.bold : style.font).fontSize(style.size);
  let x = style.left;
  columns.forEach((column, i) => {
    const width = column.share * style.width;
    const text = texts[i]!;
    if (ruled) doc.rect(x, y, width, row).stroke();
    const textX = column.align === 'left' ? x + 4 : x + width - 4 - doc.widthOfString(text);
    doc.text(text, textX, y + (row - style.size) / 2, { lineBreak: false });
    x += width;
  });
  return y + row;
}
