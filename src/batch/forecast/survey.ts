import { fileURLToPath } from 'node:url';
import type { BatchRowInput } from '../../jobs/batch.js';
import { reservoir } from './sample.js';

/** A row of a manifest, or that it can't be used. */
export type SurveyRow = Pick<BatchRowInput, 'source' | 'pages'> | null;

export interface SurveyOptions {
  countPages: (path: string) => Promise<number | null>;
  /** Files opened at most. */
  sample?: number;
  /** No file is opened after so long, ms: a slow disk must not hold up a start. */
  limitMs?: number;
  now?: () => number;
}

/** What a manifest holds, as far as it can be told without asking a vendor. */
export interface Survey {
  documents: number;
  unusableRows: number;
  /** Documents that lie on the worker. */
  local: number;
  /** Null when nothing tells. */
  pages: number | null;
  pagesFrom: { manifest: number; counted: number; assumed: number };
}

/** Reads a manifest once, in flat memory, and opens a bounded sample of its files. */
export async function surveyManifest(
  rows: AsyncIterable<SurveyRow> | Iterable<SurveyRow>,
  { countPages, sample = 200, limitMs = 20_000, now = Date.now }: SurveyOptions,
): Promise<Survey> {
  const files = reservoir<string>(sample);
  let [documents, unusableRows, local, told, toldPages] = [0, 0, 0, 0, 0];
  for await (const row of rows) {
    if (row === null) {
      unusableRows += 1;
      continue;
    }
    documents += 1;
    const path = localPath(row.source);
    if (path !== null) local += 1;
    if (row.pages !== undefined) {
      told += 1;
      toldPages += row.pages;
    } else if (path !== null) files.add(path);
  }
  let [counted, countedPages] = [0, 0];
  const until = now() + limitMs;
  for (const path of files.items()) {
    if (now() >= until) break;
    const pages = await countPages(path);
    if (pages === null) continue;
    counted += 1;
    countedPages += pages;
  }
  const assumed = documents - told - counted;
  return { documents, unusableRows, local, pages: total(), pagesFrom: { manifest: told, counted, assumed } };

  /** Files that were not opened are like those that were; what nobody has seen at all is like everything that is known. */
  function total(): number | null {
    if (documents === 0) return 0;
    if (told + counted === 0) return null;
    const unopened = Math.min(assumed, files.seen() - counted);
    const known = (toldPages + countedPages) / (told + counted);
    const opened = counted === 0 ? known : countedPages / counted;
    return Math.round(toldPages + countedPages + unopened * opened + (assumed - unopened) * known);
  }
}

/** @returns null for what does not lie on the worker. */
function localPath(source: string): string | null {
  if (!/^[a-z][a-z0-9+.-]+:/i.test(source)) return source;
  if (!/^file:/i.test(source)) return null;
  try {
    return fileURLToPath(source);
  } catch {
    return null;
  }
}
