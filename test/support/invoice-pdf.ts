import { drawFieldBlock, type LabelledValue } from './field-layouts.js';
import { pickFormats, type Formats } from './formats.js';
import { drawLineTable } from './line-table.js';
import type { Random } from './random.js';

export interface LineFacts {
  description: string;
  quantity: number;
  unit_price: number;
  amount: number;
}

/** What a generated invoice says; the keys are the property names that tests ask for. */
export interface InvoiceFacts {
  invoice_number: string;
  invoice_date: string;
  due_date: string;
  purchase_order_number: string;
  customer_name: string;
  payment_terms: string;
  contact_email: string;
  line_items: LineFacts[];
  subtotal: number;
  tax: number;
  total: number;
}

export interface Style {
  font: string;
  bold: string;
  size: number;
  left: number;
  width: number;
  bottom: number;
}

const FONTS = [
  ['Helvetica', 'Helvetica-Bold'],
  ['Times-Roman', 'Times-Bold'],
  ['Courier', 'Courier-Bold'],
] as const;
const COMPANIES = [
  'Harbour & Finch Ltd',
  'Quantum Bakery GmbH',
  'Ostrava Steel a.s.',
  'Blue Heron Clinics',
  'Nakamura Optics',
  'Prairie Seed Cooperative',
];
const TERMS = ['Net 30', 'Net 14 days', '30 days net', 'Due on receipt', '2/10 net 30'];
const PRODUCTS = [
  'Hex bolt M8',
  'Steel bracket',
  'Copper wire',
  'Site survey',
  'Consulting',
  'Server rack',
  'Label printer',
  'Safety gloves',
  'Delivery crate',
  'Night watch',
  'Window seal',
  'Paint, white',
];
const LABELS = {
  invoice_number: ['Invoice No.', 'Invoice Number', 'Invoice #', 'Invoice ID', 'INVOICE NO', 'Inv. No.'],
  invoice_date: ['Invoice Date', 'Date', 'Date of Invoice', 'Date issued', 'Invoice date'],
  due_date: ['Due Date', 'Payment Due', 'Due', 'Date Due', 'Payment due date'],
  purchase_order_number: ['PO Number', 'P.O. No.', 'Purchase Order', 'PO #', 'Purchase order no.'],
  customer_name: ['Customer', 'Bill To', 'Client', 'Customer Name', 'Sold to'],
  payment_terms: ['Payment Terms', 'Terms', 'Terms of payment'],
  contact_email: ['Email', 'Contact e-mail', 'E-mail', 'Contact email'],
};
const TOTAL_LABELS = {
  subtotal: ['Subtotal', 'Sub-total', 'Sub Total', 'Net subtotal'],
  tax: ['VAT (20%)', 'Sales Tax', 'Tax', 'Tax (20%)', 'VAT'],
  total: ['Total', 'Grand Total', 'TOTAL', 'Total amount', 'Invoice Total'],
};

/** Draws a random invoice: labels, order, layout, fonts, formats and length all vary. */
export function drawInvoice(doc: PDFKit.PDFDocument, random: Random): InvoiceFacts {
  const formats = pickFormats(random);
  const facts = makeFacts(random);
  const [font, bold] = random.pick(FONTS);
  doc.addPage();
  const left = random.between(40, 64);
  const style: Style = {
    font,
    bold,
    size: random.pick([8.5, 9, 10, 11]),
    left,
    width: doc.page.width - 2 * left,
    bottom: doc.page.height - 90,
  };
  doc
    .font(bold)
    .fontSize(random.pick([18, 22, 26]))
    .text(random.pick(['INVOICE', 'Invoice', 'Tax Invoice']), left, 50);
  doc
    .font(font)
    .fontSize(style.size)
    .text(random.pick(['Marlow Trading Co', 'Lindqvist Supply']), left, doc.y + 2);
  const y = drawFieldBlock(doc, random, style, fieldValues(facts, formats, random), doc.y + 16);
  const end = drawLineTable(doc, random, style, formats, facts.line_items, y + 20);
  drawTotals(doc, random, style, formats, facts, end + 14);
  return facts;
}

function fieldValues(facts: InvoiceFacts, formats: Formats, random: Random): LabelledValue[] {
  const texts = { ...facts, invoice_date: formats.date(facts.invoice_date), due_date: formats.date(facts.due_date) };
  const keys = Object.keys(LABELS) as (keyof typeof LABELS)[];
  return random.shuffle(keys).map((key) => ({ label: random.pick(LABELS[key]), value: texts[key] }));
}

function makeFacts(random: Random): InvoiceFacts {
  const line_items = Array.from({ length: random.between(3, 40) }, (): LineFacts => {
    const [quantity, unit_price] = [random.between(1, 60), random.between(100, 250_000) / 100];
    const description = `${random.pick(PRODUCTS)} ${random.pick(['A', 'B', 'large', 'small', 'type 2', 'per visit'])}`;
    return { description, quantity, unit_price, amount: cents(quantity * unit_price) };
  });
  const subtotal = cents(line_items.reduce((sum, line) => sum + line.amount, 0));
  const tax = cents(subtotal * 0.2);
  return {
    invoice_number: `${random.pick(['INV-', 'F', '2025/', 'R-'])}${random.between(1000, 99_999)}`,
    invoice_date: isoDate(random),
    due_date: isoDate(random),
    purchase_order_number: `${random.pick(['PO-', '45', 'B/'])}${random.between(10_000, 99_999)}`,
    customer_name: random.pick(COMPANIES),
    payment_terms: random.pick(TERMS),
    contact_email: `${random.pick(['billing', 'accounts', 'office'])}@example${random.between(1, 99)}.com`,
    line_items,
    subtotal,
    tax,
    total: cents(subtotal + tax),
  };
}

function drawTotals(
  doc: PDFKit.PDFDocument,
  random: Random,
  style: Style,
  formats: Formats,
  facts: InvoiceFacts,
  top: number,
): void {
  let y = top;
  if (y > style.bottom - 60) {
    doc.addPage();
    y = 60;
  }
  const right = style.left + style.width;
  const [labelAt, colon] = [right - random.between(180, 240), random.pick(['', ':'])];
  for (const key of ['subtotal', 'tax', 'total'] as const) {
    doc.font(key === 'total' ? style.bold : style.font).fontSize(style.size);
    doc.text(`${random.pick(TOTAL_LABELS[key])}${colon}`, labelAt, y, { lineBreak: false });
    const text = formats.amount(facts[key]);
    doc.text(text, right - doc.widthOfString(text), y, { lineBreak: false });
    y += style.size + 7;
  }
}

function isoDate(random: Random): string {
  const pad = (value: number) => String(value).padStart(2, '0');
  return `${random.between(2023, 2026)}-${pad(random.between(1, 12))}-${pad(random.between(1, 28))}`;
}

function cents(value: number): number {
  return Math.round(value * 100) / 100;
}
