import type { HistoryCost } from '../client/history-cost.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../jobs/json.js';
import type { ExtractOutcome, ProcessDocumentResult } from '../jobs/process-document.js';
import type { Receipt, ResultRef } from '../jobs/types.js';
import { table } from './table.js';

const MAX_CELL = 60;
/** Rows shown of a list; `--out` writes all. */
const MAX_ROWS = 12;

/** The extracted fields and the sections with their pages, as tables. */
export function resultText(result: ProcessDocumentResult): string {
  const parts: string[] = [];
  if (result.extract !== undefined) parts.push(fieldsText('Extracted', result.extract));
  for (const section of result.split?.sections ?? []) {
    if (section.extract !== undefined) parts.push(fieldsText(`Extracted from ${section.name}`, section.extract));
  }
  if (result.split !== undefined) parts.push(sectionsText(result.split));
  return parts.join('\n');
}

function sectionsText({ sections, stored }: NonNullable<ProcessDocumentResult['split']>): string {
  if (sections === undefined) return storedText('Sections', stored);
  const rows = sections.map(({ name, pages }) => [name, pagesText(pages)]);
  return `Sections\n${table([['section', 'pages'], ...rows])}`;
}

const storedText = (title: string, { size }: ResultRef): string =>
  `${title}: ${size} bytes, in the result store (--out DIR writes them)\n`;

function fieldsText(title: string, { data, stored }: ExtractOutcome): string {
  if (data === undefined) return storedText(title, stored);
  const lists: string[] = [];
  const rows = fieldRows('', data, lists);
  return [`${title}\n${table([['field', 'value'], ...rows])}`, ...lists].join('\n');
}

/** One row a leaf; the path is written as `terms[2].text`. A list of records becomes a table of its own. */
function fieldRows(path: string, value: JsonValue, lists: string[]): string[][] {
  if (Array.isArray(value) && value.length > 0) {
    if (!value.every(isRecord)) return value.flatMap((item, at) => fieldRows(`${path}[${at}]`, item, lists));
    lists.push(listText(path, value));
    return [[path, `${value.length} below`]];
  }
  if (isJsonObject(value) && Object.keys(value).length > 0) {
    return Object.entries(value).flatMap(([key, item]) => fieldRows(path === '' ? key : `${path}.${key}`, item, lists));
  }
  return [[path, cellText(value)]];
}

/** An object whose values are plain. */
function isRecord(value: JsonValue): value is JsonObject {
  return isJsonObject(value) && Object.values(value).every((item) => typeof item !== 'object' || item === null);
}

function listText(path: string, records: readonly JsonObject[]): string {
  const columns = [...new Set(records.flatMap((record) => Object.keys(record)))];
  const rows = records.slice(0, MAX_ROWS).map((record) => columns.map((column) => cellText(record[column] ?? null)));
  const more = records.length > MAX_ROWS ? `  … and ${records.length - MAX_ROWS} more\n` : '';
  return `${path}\n${table([columns, ...rows])}${more}`;
}

function cellText(value: JsonValue): string {
  if (value === null) return '–';
  const text = (typeof value === 'string' ? value : JSON.stringify(value)).replace(/\s+/g, ' ');
  return text.length > MAX_CELL ? `${text.slice(0, MAX_CELL - 1)}…` : text;
}

/** `[1, 2, 3, 7]` → `1–3, 7`. */
export function pagesText(pages: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const page of pages) {
    const range = ranges.at(-1);
    if (range !== undefined && page === range[1] + 1) range[1] = page;
    else ranges.push([page, page]);
  }
  if (ranges.length === 0) return 'not found';
  return ranges.map(([first, last]) => (first === last ? `${first}` : `${first}–${last}`)).join(', ');
}

/** What the document's jobs came to and what they cost. */
export function receiptText(receipt: Receipt, cost: HistoryCost | null): string {
  const figure = (value: number | null): string => (value === null ? '–' : String(value));
  const head = ['job', 'id', 'outcome', 'submits', 'reads', 'pages', 'credits'];
  const rows = receipt.jobs.map((job) => [
    job.section === undefined ? job.operation : `${job.operation} (${job.section})`,
    job.jobId ?? '–',
    [job.outcome, job.adopted ? 'adopted' : '', job.resubmit ? 'resubmitted' : ''].filter(Boolean).join(', '),
    String(job.submits),
    String(job.reads),
    figure(job.pages),
    figure(job.credits),
  ]);
  const sums = [
    count(receipt.jobs.length, 'job'),
    count(receipt.submits, 'submit'),
    count(receipt.reads, 'read'),
    ...(cost === null ? [] : [count(cost.events, 'history event'), count(cost.actions, 'billable action')]),
  ];
  const jobs = rows.length === 0 ? '' : table([head, ...rows]);
  return `Receipt: ${sums.join(' · ')}\n${jobs}`;
}

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;
