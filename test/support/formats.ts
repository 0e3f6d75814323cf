import type { Random } from './random.js';

/** How one document writes amounts and dates. */
export interface Formats {
  currency: string;
  amount(value: number): string;
  date(iso: string): string;
}

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

export function pickFormats(random: Random): Formats {
  const [currency, amount] = random.pick(AMOUNTS);
  return { currency, amount, date: random.pick(currency === 'USD' ? US_DATES : EU_DATES) };
}

const group = (value: number, thousands: string, decimal: string): string => {
  const [whole = '0', cents = '00'] = value.toFixed(2).split('.');
  return whole.replace(/\B(?=(\d{3})+$)/g, thousands) + decimal + cents;
};

const AMOUNTS: readonly (readonly [string, (value: number) => string])[] = [
  ['USD', (value) => `$${group(value, ',', '.')}`],
  ['USD', (value) => `USD ${group(value, ',', '.')}`],
  ['USD', (value) => group(value, ',', '.')],
  ['EUR', (value) => `${group(value, '.', ',')} €`],
  ['EUR', (value) => `€ ${group(value, '.', ',')}`],
  ['EUR', (value) => `${group(value, ' ', ',')} EUR`],
  ['GBP', (value) => `£${group(value, ',', '.')}`],
];

const parts = (iso: string) => iso.split('-') as [string, string, string];
const month = (iso: string) => MONTHS[Number(parts(iso)[1]) - 1]!;

const WORDY = [
  (iso: string) => `${Number(parts(iso)[2])} ${month(iso)} ${parts(iso)[0]}`,
  (iso: string) => `${parts(iso)[2]}-${month(iso).slice(0, 3)}-${parts(iso)[0]}`,
  (iso: string) => iso,
];
const US_DATES = [
  ...WORDY,
  (iso: string) => `${month(iso)} ${Number(parts(iso)[2])}, ${parts(iso)[0]}`,
  (iso: string) => `${parts(iso)[1]}/${parts(iso)[2]}/${parts(iso)[0]}`,
];
const EU_DATES = [...WORDY, (iso: string) => parts(iso).reverse().join('.')];
