import type { Style } from './invoice-pdf.js';
import type { Random } from './random.js';

export interface LabelledValue {
  label: string;
  value: string;
}

type Layout = (doc: PDFKit.PDFDocument, style: Style, fields: LabelledValue[], top: number) => number;

/** Draws fields in a random layout. @returns where it ends, in points from the top. */
export function drawFieldBlock(
  doc: PDFKit.PDFDocument,
  random: Random,
  style: Style,
  fields: LabelledValue[],
  top: number,
): number {
  return random.pick([inline, gap, twoColumns, stacked, headerRows, boxed])(doc, style, fields, top);
}

/** `Label: value`, one a line. */
const inline: Layout = (doc, style, fields, top) => {
  let y = top;
  for (const { label, value } of fields) {
    put(doc, style.font, style, `${label}: ${value}`, style.left, y);
    y += style.size * 1.5;
  }
  return y;
};

/** Labels in one column, values in the next, without colons. */
const gap: Layout = (doc, style, fields, top) => {
  let y = top;
  for (const { label, value } of fields) {
    put(doc, style.bold, style, label, style.left, y);
    put(doc, style.font, style, value, style.left + 170, y);
    y += style.size * 1.7;
  }
  return y;
};

/** Two pairs a line. */
const twoColumns: Layout = (doc, style, fields, top) => {
  const half = style.width / 2;
  const fitted = { ...style, size: Math.min(style.size, 9) };
  fields.forEach(({ label, value }, i) => {
    const [x, y] = [style.left + (i % 2) * half, top + Math.floor(i / 2) * style.size * 1.8];
    put(doc, style.font, fitted, `${label}:`, x, y);
    put(doc, style.bold, fitted, value, x + half * 0.45, y);
  });
  return top + Math.ceil(fields.length / 2) * style.size * 1.8;
};

/** A small label above each value, two columns. */
const stacked: Layout = (doc, style, fields, top) => {
  const row = style.size * 3.6;
  fields.forEach(({ label, value }, i) => {
    const [x, y] = [style.left + (i % 2) * (style.width / 2), top + Math.floor(i / 2) * row];
    put(doc, style.bold, { ...style, size: style.size * 0.85 }, label, x, y);
    put(doc, style.font, style, value, x, y + style.size * 1.25);
  });
  return top + Math.ceil(fields.length / 2) * row;
};

/** Rows of three or four labels, each with its row of values below. */
const headerRows: Layout = (doc, style, fields, top) => {
  let y = top;
  for (let i = 0; i < fields.length; i += 3) {
    const row = fields.slice(i, i + 3);
    row.forEach(({ label }, column) => put(doc, style.bold, style, label, style.left + (column * style.width) / 3, y));
    row.forEach(({ value }, column) =>
      put(doc, style.font, style, value, style.left + (column * style.width) / 3, y + style.size * 1.6),
    );
    y += style.size * 4.2;
  }
  return y;
};

/** A ruled grid: label cell, value cell, label cell, value cell. */
const boxed: Layout = (doc, style, fields, top) => {
  const [column, row] = [style.width / 4, style.size * 2.2];
  fields.forEach(({ label, value }, i) => {
    const [x, y] = [style.left + (i % 2) * 2 * column, top + Math.floor(i / 2) * row];
    doc
      .rect(x, y, column, row)
      .rect(x + column, y, column, row)
      .stroke();
    const fitted = { ...style, size: Math.min(style.size, 9) };
    put(doc, style.font, fitted, label, x + 4, y + style.size * 0.6);
    put(doc, style.font, fitted, value, x + column + 4, y + style.size * 0.6);
  });
  return top + Math.ceil(fields.length / 2) * row;
};

function put(doc: PDFKit.PDFDocument, font: string, { size }: Style, text: string, x: number, y: number): void {
  doc.font(font).fontSize(size).text(text, x, y, { lineBreak: false });
}
