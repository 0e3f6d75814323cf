// Writes invoice-packet.pdf next to this file: a made-up supplier's invoice with everything that was mailed along with it.
// Run it with `node examples/make-invoice-packet.mjs`. The dates and ids are fixed, so the bytes are the same every time.
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import PDFDocument from 'pdfkit';

const LEFT = 56;
const RIGHT = 539;
const WIDTH = RIGHT - LEFT;
const BOTTOM = 760;
const INK = '#1c2733';
const SOFT = '#5c6b7a';
const ACCENT = '#0b5c6b';
const TINT = '#eef4f5';

const SUPPLIER = ['Tidewater Marine Supply Ltd', '14 Dock Road', 'Lowestoft NR33 0AX', 'United Kingdom'];
const CUSTOMER = ['Northgate Ferries plc', 'Accounts Payable', '3 Harbour Terrace', 'Aberdeen AB11 5TB'];
const SHIP_TO = ['MV Skerryvore, Berth 7', 'Northgate Ferries plc', 'Victoria Quay', 'Aberdeen AB11 5QH'];

const ITEMS = [
  ['Mooring rope, polyamide 8-strand, 48 mm x 220 m', 4, 612.5],
  ['Rope stopper, polypropylene, 24 mm', 12, 38.2],
  ['Fender, cylindrical, 500 x 1000 mm', 6, 284],
  ['Fender chain, galvanised, 16 mm, per metre', 48, 17.65],
  ['Bow shackle, green pin, 12 t', 24, 41.9],
  ['Turnbuckle, jaw and jaw, M24', 16, 56.75],
  ['Life jacket, SOLAS, adult 150 N', 60, 44.8],
  ['Life jacket light, lithium, 5 year', 60, 11.35],
  ['Lifebuoy, 4 kg, with reflective tape', 10, 63],
  ['Self-igniting lifebuoy light', 10, 52.4],
  ['Immersion suit, insulated, universal', 12, 318],
  ['Parachute rocket, red, SOLAS', 36, 39.5],
  ['Hand flare, red', 24, 18.9],
  ['Fire hose, 45 mm x 20 m, with couplings', 8, 129],
  ['Jet and spray nozzle, 12 mm, brass', 8, 74.6],
  ['CO2 extinguisher, 5 kg', 10, 98.25],
  ['Dry powder extinguisher, 6 kg', 18, 47.5],
  ['EEBD set, 15 minutes', 6, 342],
  ['Deck paint, anti-slip, grey, 20 l', 14, 187.3],
  ['Primer, zinc phosphate, 20 l', 10, 164.9],
  ['Thinner no. 17, 5 l', 20, 23.45],
  ['Marine grease, calcium, 18 kg', 5, 112],
  ['Hydraulic oil ISO 46, 208 l drum', 3, 598],
  ['Filter element, fuel, 10 micron', 40, 14.2],
  ['Zinc anode, bolt-on, 10.5 kg', 32, 58.6],
  ['Fitting of anodes, on board, per hour', 26, 62],
  ['Inspection of rescue boat davit', 1, 1450],
].map(([description, quantity, price]) => ({ description, quantity, price, amount: cents(quantity * price) }));

const SUBTOTAL = cents(ITEMS.reduce((sum, item) => sum + item.amount, 0));
const TAX = cents(SUBTOTAL * 0.2);
const TOTAL = cents(SUBTOTAL + TAX);

const doc = new PDFDocument({
  size: 'A4',
  margins: { top: 56, bottom: 20, left: LEFT, right: 595 - RIGHT },
  autoFirstPage: false,
  info: {
    Title: 'Invoice packet TMS-2026-0418',
    Author: SUPPLIER[0],
    CreationDate: new Date('2026-03-12T09:00:00Z'),
  },
});
const file = createWriteStream(fileURLToPath(new URL('invoice-packet.pdf', import.meta.url)));
doc.pipe(file);
let pageNumber = 0;

coverLetter();
purchaseOrder();
invoice();
deliveryNote();
timesheet();
terms();
remittanceAdvice();
doc.end();
await finished(file);

function coverLetter() {
  page();
  lines(CUSTOMER, LEFT, 130);
  text('12 March 2026', LEFT, 214);
  text('Supply of safety equipment and deck stores for MV Skerryvore', LEFT, 246, { font: 'Helvetica-Bold', size: 11 });
  let y = text('Dear Ms Drummond,', LEFT, 278);
  for (const words of [
    'Thank you for your order for the spring refit of MV Skerryvore. All goods were delivered to Berth 7 on 6 March and signed for by your chief officer. Our fitters finished the work on board on 9 March.',
    'Please find enclosed the papers that your accounts department needs to settle this supply: a copy of your purchase order, our invoice, the signed delivery note, the timesheet of our fitters, our terms and conditions, and a remittance advice to return with your payment.',
    'The davit inspection certificate follows by separate post, as the classification society has still to stamp it. Should anything be missing or unclear, my direct line is 01502 555 0134.',
    'We look forward to supplying you again when the autumn dry-docking comes round.',
  ]) {
    y = text(words, LEFT, y + 12, { width: WIDTH - 40, lineGap: 3 });
  }
  y = text('Yours sincerely,', LEFT, y + 22);
  doc.save().strokeColor(ACCENT).lineWidth(1.2);
  doc.moveTo(LEFT, y + 34).bezierCurveTo(LEFT + 30, y + 4, LEFT + 34, y + 52, LEFT + 62, y + 22);
  doc
    .bezierCurveTo(LEFT + 76, y + 10, LEFT + 84, y + 44, LEFT + 118, y + 26)
    .stroke()
    .restore();
  y = text('Helen Marsh', LEFT, y + 50, { font: 'Helvetica-Bold' });
  text('Customer Services, Tidewater Marine Supply Ltd', LEFT, y + 2);
}

function purchaseOrder() {
  page('Purchase Order', 'Northgate Ferries plc');
  pairs(
    [
      ['Order number', 'NF-77120'],
      ['Order date', '18 February 2026'],
      ['Requested by', 'K. Drummond, Fleet Purchasing'],
      ['Deliver by', '6 March 2026'],
    ],
    150,
  );
  box('Supplier', SUPPLIER, LEFT, 236);
  box('Deliver to', SHIP_TO, LEFT + 250, 236);
  const rows = [
    ['10', 'Mooring and fendering stores, as per quotation Q-1183', '1 lot'],
    ['20', 'Life-saving appliances and pyrotechnics, as per quotation Q-1184', '1 lot'],
    ['30', 'Fire-fighting equipment, as per quotation Q-1185', '1 lot'],
    ['40', 'Paint, lubricants and filters for the deck and engine departments', '1 lot'],
    ['50', 'Supply and fitting of hull anodes, not more than 30 hours', '1 lot'],
    ['60', 'Yearly inspection of the rescue boat davit', '1 visit'],
  ];
  let y = table(
    [
      ['Pos', 40],
      ['Goods or service ordered', 343],
      ['Extent', 100],
    ],
    rows,
    346,
  );
  y = text('Not to exceed 36,000.00 GBP net without written agreement of the purchasing officer.', LEFT, y + 18, {
    font: 'Helvetica-Bold',
  });
  y = text(
    'Quote the order number on all correspondence, packages and bills. Goods are to be marked with the name of the vessel. Part deliveries are accepted by agreement only.',
    LEFT,
    y + 10,
    { width: WIDTH, lineGap: 2 },
  );
  signature('Authorised for Northgate Ferries plc', 'K. Drummond, purchasing officer', y + 60);
}

function invoice() {
  page('Invoice');
  box('Bill To', CUSTOMER, LEFT, 146);
  pairs(
    [
      ['Invoice Number', 'TMS-2026-0418'],
      ['Invoice Date', '12 March 2026'],
      ['Due Date', '11 April 2026'],
      ['Your PO Number', 'NF-77120'],
      ['Payment Terms', '30 days net'],
      ['Currency', 'GBP'],
    ],
    146,
    LEFT + 262,
  );
  const columns = [
    ['Pos', 36],
    ['Description', 247],
    ['Quantity', 60, 'right'],
    ['Unit Price', 68, 'right'],
    ['Amount', 72, 'right'],
  ];
  const rows = ITEMS.map((item, i) => [
    String(i + 1),
    item.description,
    String(item.quantity),
    money(item.price),
    money(item.amount),
  ]);
  const first = 20;
  let y = table(columns, rows.slice(0, first), 284);
  text('Continued on the next page', LEFT, y + 10, { size: 8.5, color: SOFT });
  page('Invoice');
  text('TMS-2026-0418, continued', LEFT, 142, { color: SOFT });
  y = table(columns, rows.slice(first), 172) + 10;
  for (const [label, value, strong] of [
    ['Subtotal', SUBTOTAL],
    ['VAT (20%)', TAX],
    ['Total', TOTAL, true],
  ]) {
    const style = { font: strong ? 'Helvetica-Bold' : 'Helvetica', size: strong ? 11.5 : 9.5 };
    if (strong) doc.rect(LEFT + 283, y - 5, 200, 24).fill(TINT);
    text(label, LEFT + 295, y, style);
    text(money(value), LEFT, y, { ...style, width: WIDTH - 6, align: 'right' });
    y += 22;
  }
  text('Supplier', LEFT, y + 24, { font: 'Helvetica-Bold' });
  text(SUPPLIER[0], LEFT + 110, y + 24);
  text('VAT registration', LEFT, y + 42, { font: 'Helvetica-Bold' });
  text('GB 482 1907 33', LEFT + 110, y + 42);
  text(
    'Goods remain our property until paid in full. Queries about this invoice are welcome within ten days of its date.',
    LEFT,
    y + 76,
    { width: WIDTH, color: SOFT },
  );
}

function deliveryNote() {
  page('Delivery Note');
  pairs(
    [
      ['Delivery note', 'DN-30991'],
      ['Date of delivery', '6 March 2026'],
      ['Carrier', 'Own vehicle, AX24 KLD'],
      ['Packages', '9 pallets, 3 drums, 2 crates'],
    ],
    150,
  );
  box('Delivered to', SHIP_TO, LEFT, 236);
  const rows = [
    ['1 - 2', 'Mooring ropes and stoppers', '2 pallets', '1,180 kg'],
    ['3 - 4', 'Fenders, chain, shackles and turnbuckles', '2 pallets', '1,420 kg'],
    ['5', 'Life jackets, lifebuoys and lights', '1 pallet', '310 kg'],
    ['6', 'Immersion suits and breathing sets', '1 pallet', '190 kg'],
    ['7', 'Hoses, nozzles and extinguishers', '1 pallet', '405 kg'],
    ['8 - 9', 'Paint, primer, thinner and grease', '2 pallets', '960 kg'],
    ['D1 - D3', 'Hydraulic oil', '3 drums', '560 kg'],
    ['C1', 'Pyrotechnics, UN 0195, class 1.3G', '1 crate', '48 kg'],
    ['C2', 'Anodes and filter elements', '1 crate', '372 kg'],
  ];
  let y = table(
    [
      ['Package', 62],
      ['Contents', 261],
      ['Packed as', 80],
      ['Gross weight', 80, 'right'],
    ],
    rows,
    346,
  );
  y = text(
    'Received in good order and condition, except as noted: one pallet (no. 8) with torn wrapping, contents checked and complete.',
    LEFT,
    y + 18,
    { width: WIDTH, lineGap: 2 },
  );
  signature('Received on board MV Skerryvore', 'A. Sinclair, chief officer, 6 March 2026, 14:20', y + 60);
}

function timesheet() {
  page('Timesheet');
  text('Appendix to our service on board MV Skerryvore, Victoria Quay, Aberdeen', LEFT, 146, { color: SOFT });
  const rows = [
    ['Fri 6 March', 'R. Okafor', 'Survey of hull fittings, marking out', '08:00', '12:00', '4.0'],
    ['Sat 7 March', 'R. Okafor', 'Removal of spent anodes, port side', '07:30', '13:00', '5.5'],
    ['Sat 7 March', 'J. Pell', 'Removal of spent anodes, starboard side', '07:30', '13:00', '5.5'],
    ['Sun 8 March', 'R. Okafor', 'Fitting of anodes, port side', '08:00', '12:00', '4.0'],
    ['Sun 8 March', 'J. Pell', 'Fitting of anodes, starboard side', '08:00', '12:00', '4.0'],
    ['Mon 9 March', 'J. Pell', 'Checks, photographs, clearing up', '09:00', '12:00', '3.0'],
  ];
  let y = table(
    [
      ['Day worked', 78],
      ['Fitter', 70],
      ['Work done', 191],
      ['From', 46, 'right'],
      ['Until', 46, 'right'],
      ['Hours', 52, 'right'],
    ],
    rows,
    180,
  );
  y = text('Hours worked, both fitters: 26.0', LEFT, y + 14, { font: 'Helvetica-Bold' });
  y = text('Overtime and waiting time: none. Travelling hours are not charged.', LEFT, y + 6);
  signature('Hours confirmed for the vessel', 'A. Sinclair, chief officer, 9 March 2026', y + 60);
}

function terms() {
  page('Terms and Conditions');
  const clauses = [
    [
      'Scope',
      'These terms and conditions govern every contract of sale and service between the seller and the buyer. Terms proposed by the buyer do not apply unless the seller has agreed to them in writing.',
    ],
    [
      'Quotations',
      'A quotation binds the seller for thirty days. Drawings, weights and measures in catalogues are approximate and form no part of the contract unless the seller has expressly said so.',
    ],
    [
      'Risk and title',
      'Risk passes to the buyer on delivery. Title passes only when the seller has received cleared funds for all sums owed. Until then the buyer shall store the goods apart and keep them insured.',
    ],
    [
      'Warranty',
      'The seller warrants that goods conform to their specification for twelve months. The remedy for breach of this warranty is repair, replacement or refund, at the choice of the seller.',
    ],
    [
      'Exclusions',
      'The warranty does not extend to wear and tear, to wilful damage, to abnormal working conditions, or to alterations made without the written approval of the seller.',
    ],
    [
      'Limitation of liability',
      'Nothing in these terms limits liability for death or personal injury caused by negligence. In all other cases the liability of the seller is limited to the price paid under the contract concerned.',
    ],
    [
      'Indirect loss',
      'Neither party is liable to the other for loss of profit, loss of hire, demurrage, or any indirect or consequential loss, however it may have been caused.',
    ],
    [
      'Force majeure',
      'Neither party is in breach for delay caused by events beyond its reasonable control, among them storm, ice, closure of ports, strikes, war and acts of public authorities.',
    ],
    [
      'Returns',
      'Goods may be returned within fourteen days with the prior consent of the seller. A handling charge of fifteen per cent applies. Pyrotechnics and opened paint cannot be returned.',
    ],
    [
      'Confidentiality',
      'Each party shall keep secret what it learns of the business of the other and shall use it only for the performance of the contract.',
    ],
    [
      'Compliance',
      'Each party shall comply with the law against bribery and modern slavery and with applicable export control rules and sanctions.',
    ],
    [
      'Assignment',
      'The buyer may not assign the contract without written consent. The seller may subcontract but remains responsible for the acts of its subcontractors.',
    ],
    [
      'Notices',
      'Notices under the contract shall be in writing and take effect on receipt at the registered office of the other party.',
    ],
    [
      'Severability',
      'Should a clause be held void, the remaining clauses stay in force and the void clause is replaced by the valid one that comes closest to its intent.',
    ],
    [
      'Governing law',
      'The contract is governed by the law of England and Wales, whose courts have exclusive jurisdiction over any dispute arising from it.',
    ],
  ];
  let y = 152;
  clauses.forEach(([heading, body], i) => {
    if (y > BOTTOM - 80) {
      page();
      y = 112;
    }
    y = text(`${i + 1}  ${heading}`, LEFT, y, { font: 'Helvetica-Bold', size: 11 });
    y = text(body, LEFT, y + 3, { width: WIDTH, lineGap: 2.5 }) + 13;
  });
}

function remittanceAdvice() {
  page('Remittance Advice');
  text('Please return this slip with your payment, or send it to ledger@tidewater.example.', LEFT, 146, {
    color: SOFT,
  });
  doc.save().dash(4, { space: 3 }).strokeColor(SOFT).moveTo(LEFT, 172).lineTo(RIGHT, 172).stroke().restore();
  pairs(
    [
      ['From', 'Northgate Ferries plc'],
      ['Account with us', 'C-20417'],
      ['In settlement of', 'TMS-2026-0418'],
      ['Amount remitted', '______________________'],
      ['Date of transfer', '______________________'],
    ],
    196,
  );
  text('Pay by bank transfer to', LEFT, 318, { font: 'Helvetica-Bold', size: 11 });
  pairs(
    [
      ['Beneficiary', SUPPLIER[0]],
      ['Bank', 'Fenland Commercial Bank, Norwich'],
      ['Sort code', '20-44-91'],
      ['Account', '7318 2206'],
      ['IBAN', 'GB94 FENL 2044 9173 1822 06'],
      ['Payment reference', 'C-20417 / 0418'],
    ],
    342,
  );
  text(
    'Cheques are no longer accepted. Bank charges are borne by the payer. We never announce a change of bank details by e-mail: if you receive such a message, telephone our ledger department before you remit anything.',
    LEFT,
    474,
    { width: WIDTH, lineGap: 2 },
  );
}

/** Starts a page: letterhead (the issuer's name), title, running foot. */
function page(title, issuer = SUPPLIER[0]) {
  doc.addPage();
  pageNumber += 1;
  doc.rect(0, 0, 595.28, 8).fill(ACCENT);
  text(issuer, LEFT, 40, { font: 'Helvetica-Bold', size: 10, color: ACCENT });
  text(issuer === SUPPLIER[0] ? '14 Dock Road, Lowestoft NR33 0AX' : 'Victoria Quay, Aberdeen AB11 5QH', LEFT, 40, {
    size: 8.5,
    color: SOFT,
    width: WIDTH,
    align: 'right',
  });
  doc.moveTo(LEFT, 62).lineTo(RIGHT, 62).lineWidth(0.6).strokeColor('#c5d3d6').stroke();
  if (title) text(title, LEFT, 88, { font: 'Helvetica-Bold', size: 24, color: INK });
  text(`Page ${pageNumber}`, LEFT, 800, { size: 8, color: SOFT, width: WIDTH, align: 'right' });
}

/** Sets text. @returns the y below it */
function text(words, x, y, { font = 'Helvetica', size = 9.5, color = INK, ...options } = {}) {
  doc
    .font(font)
    .fontSize(size)
    .fillColor(color)
    .text(words, x, y, { lineBreak: options.width !== undefined, ...options });
  return options.width === undefined ? y + size * 1.25 : doc.y;
}

function lines(all, x, y) {
  all.forEach((line, i) => text(line, x, y + i * 14));
}

/** A heading with an address below it. */
function box(heading, address, x, y) {
  text(heading, x, y, { font: 'Helvetica-Bold', color: ACCENT });
  lines(address, x, y + 16);
}

/** Labels and values in two columns. */
function pairs(all, y, x = LEFT) {
  all.forEach(([label, value], i) => {
    text(label, x, y + i * 18, { font: 'Helvetica-Bold' });
    text(value, x + 110, y + i * 18);
  });
}

/** A table with a tinted heading row. @param columns `[heading, width, align?]` @returns the y below it */
function table(columns, rows, top) {
  const height = 22;
  doc.rect(LEFT, top, WIDTH, height).fill(TINT);
  [columns.map(([heading]) => heading), ...rows].forEach((cells, row) => {
    let x = LEFT;
    const y = top + row * height;
    cells.forEach((cell, i) => {
      const [, width, align = 'left'] = columns[i];
      const font = row === 0 ? 'Helvetica-Bold' : 'Helvetica';
      text(cell, x + 6, y + 7, { font, size: 9, width: width - 12, align, lineBreak: false });
      x += width;
    });
    doc
      .moveTo(LEFT, y + height)
      .lineTo(RIGHT, y + height)
      .lineWidth(0.4)
      .strokeColor('#d5dfe1')
      .stroke();
  });
  return top + (rows.length + 1) * height;
}

function signature(purpose, name, y) {
  doc
    .moveTo(LEFT, y)
    .lineTo(LEFT + 220, y)
    .lineWidth(0.6)
    .strokeColor(SOFT)
    .stroke();
  text(purpose, LEFT, y + 6, { size: 8.5, color: SOFT });
  text(name, LEFT, y + 20);
}

function money(value) {
  return value.toFixed(2).replace(/\B(?=(\d{3})+\.)/g, ',');
}

function cents(value) {
  return Math.round(value * 100) / 100;
}
