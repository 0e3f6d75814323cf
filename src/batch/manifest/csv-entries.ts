import { CsvError, parse } from 'csv-parse/sync';
import { type TextLine, textLines } from '../text-lines.js';
import { MAX_LINE_BYTES, tooLong } from './jsonl-entries.js';
import type { ManifestEntry } from './manifest-entry.js';
import { ManifestError } from './manifest-error.js';

/** What a table separates its columns by; the header tells which. */
const DELIMITERS = [',', ';', '\t'] as const;
/** A quoted field with more lines than this was never meant to have them: its closing quote is missing. */
const MAX_LINES = 50;

/**
 * The rows of a CSV file (RFC 4180) by the names in its header line. A row that can't be read costs itself only: a quote that is never closed is
 * told of the line where it opens, and reading goes on behind that line.
 * @throws {ManifestError} when the header names no column `source`, or one of our columns twice.
 */
export async function* csvEntries(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<ManifestEntry> {
  let header: Header | undefined;
  for await (const { line, text } of csvRecords(bytes)) {
    if (header === undefined) header = headerOf(line, text);
    else if (text === null) yield { line, problem: tooLong };
    else yield entryOf(line, fieldsOf(text, header.delimiter), header);
  }
}

interface Header {
  names: string[];
  delimiter: string;
}
const OURS: ReadonlySet<string> = new Set(['source', 'id', 'tenant', 'priority', 'pages', 'version']);

function headerOf(line: number, text: string | null): Header {
  for (const delimiter of DELIMITERS) {
    const names = (text === null ? null : fieldsOf(text, delimiter))?.map((name) => name.trim().toLowerCase());
    if (names?.includes('source') !== true) continue;
    const twice = names.find((name, at) => OURS.has(name) && names.indexOf(name) !== at);
    if (twice === undefined) return { names, delimiter };
    throw new ManifestError('manifest', `line ${line}: the header names the column "${twice}" twice`, { line });
  }
  throw new ManifestError('manifest', `line ${line}: the header names no column "source"`, { line });
}

function entryOf(line: number, fields: string[] | null, { names }: Header): ManifestEntry {
  if (fields === null) return { line, problem: 'a quote opens or closes at the wrong place' };
  if (fields.length !== names.length) {
    return { line, problem: `has ${fields.length} columns, the header ${names.length}` };
  }
  // An empty cell says nothing.
  const given = names.flatMap((name, at) => (OURS.has(name) && fields[at] !== '' ? [[name, fields[at]] as const] : []));
  return { line, row: Object.fromEntries(given) };
}

/** @returns null for what is no record. */
function fieldsOf(text: string, delimiter: string): string[] | null {
  if (text.includes('\0')) return null;
  if (!text.includes('"')) return text.split(delimiter);
  try {
    const [fields] = parse(text, { delimiter, record_delimiter: '\0', relax_column_count: true });
    return fields ?? null;
  } catch (error) {
    if (error instanceof CsvError) return null;
    throw error;
  }
}

interface CsvRecord {
  line: number;
  text: string | null;
}

/** Puts lines together whose break stands in quotes. Empty lines don't count. */
async function* csvRecords(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<CsvRecord> {
  let open: TextLine[] = [];
  for await (const line of textLines(bytes, MAX_LINE_BYTES)) {
    open.push(line);
    for (let known = take(open, false); known !== null; known = take(open, false)) {
      open = known.rest;
      if (known.record !== null) yield known.record;
    }
  }
  for (let known = take(open, true); known !== null; known = take(open, true)) {
    open = known.rest;
    if (known.record !== null) yield known.record;
  }
}

/** The first record of the lines. @returns null when more lines are needed to know it. */
function take(lines: TextLine[], isAll: boolean): { record: CsvRecord | null; rest: TextLine[] } | null {
  const [first] = lines;
  if (first === undefined) return null;
  const { number: line } = first;
  let isOpen = false;
  for (const [at, { text }] of lines.entries()) {
    if (text === null) break;
    isOpen = hasOddQuotes(text) !== isOpen;
    if (isOpen) continue;
    const rest = lines.slice(at + 1);
    if (at === 0) return { record: text.trim() === '' ? null : { line, text }, rest };
    const whole = lines
      .slice(0, at + 1)
      .map((one) => one.text)
      .join('\n');
    // Two rows that each lack a quote look like one.
    if (DELIMITERS.some((delimiter) => fieldsOf(whole, delimiter) !== null))
      return { record: { line, text: whole }, rest };
    return { record: { line, text: first.text }, rest: lines.slice(1) };
  }
  const isHopeless = isAll || lines.length >= MAX_LINES || lines.some(({ text }) => text === null);
  return isHopeless ? { record: { line, text: first.text }, rest: lines.slice(1) } : null;
}

function hasOddQuotes(text: string): boolean {
  let isOdd = false;
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at + 1)) isOdd = !isOdd;
  return isOdd;
}
