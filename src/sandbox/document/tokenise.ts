/** One spelling for each word that documents and schemas abbreviate differently; a replacement may be several words. */
const CANONICAL: Readonly<Record<string, string>> = {
  no: 'number',
  nr: 'number',
  num: 'number',
  nbr: 'number',
  id: 'number',
  identifier: 'number',
  po: 'purchase order',
  inv: 'invoice',
  qty: 'quantity',
  qnty: 'quantity',
  amt: 'amount',
  desc: 'description',
  ref: 'reference',
  tel: 'phone',
  telephone: 'phone',
  addr: 'address',
  acct: 'account',
  vat: 'tax',
  gst: 'tax',
  sku: 'item number',
  uom: 'unit',
  dated: 'date',
  dob: 'birth date',
  billing: 'bill',
  billed: 'bill',
  shipping: 'ship',
  shipment: 'ship',
};

export const STOP_WORDS: ReadonlySet<string> = new Set(
  'a an and any are as at be by each for from has have if in into is it its may of on or our shall such that the their there these this to was were which will with within you your not per all can other than also'.split(
    ' ',
  ),
);

/** `invoiceNumber`, `invoice_number` and `Invoice No.` → `['invoice', 'number']`: lower case, singular, no accents. */
export function tokenise(text: string): string[] {
  const plain = text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .replace(/\b([a-z])\.([a-z])\b\.?/g, '$1$2')
    .replace(/\bp\s?\/\s?o\b/g, 'po')
    .replace(/#/g, ' number ')
    .replace(/\bsub[\s-]total/g, 'subtotal')
    .replace(/\be-mail/g, 'email')
    .replace(/[’']s\b/g, '');
  return (plain.match(/[a-z]+|\d+(?:[.,]\d+)*/g) ?? []).flatMap((word) => {
    const stem = singular(word);
    return (CANONICAL[word] ?? CANONICAL[stem] ?? stem).split(' ');
  });
}

function singular(word: string): string {
  if (word.length < 4 || /(ss|us|is)$/.test(word)) return word;
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  if (/(ch|sh|x|ss)es$/.test(word)) return word.slice(0, -2);
  return word.endsWith('s') ? word.slice(0, -1) : word;
}
