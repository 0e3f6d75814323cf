import { createHash } from 'node:crypto';
import { isJsonObject } from '../../jobs/json.js';
import type { Operation, ResultRef, Section } from '../../jobs/types.js';
import type { ResultStore } from '../../results/index.js';
import { readObject } from '../../results/read-object.js';
import type { CaseValue, OperationAsk } from './kit-workflow.js';

/** What is wrong with the neutral value of a completed job, in words. */
export function valueFindings(operation: Operation, ask: OperationAsk, value: CaseValue): string[] {
  switch (operation) {
    case 'parse':
      return parseFindings(value);
    case 'extract':
      return isJsonObject(value.data) ? [] : ['the extracted data is no object'];
    case 'split':
      return sectionFindings(ask, value.sections);
    default:
      return value.value === undefined ? ['no value'] : [];
  }
}

function parseFindings({ reference = '', pageCount }: CaseValue): string[] {
  const isCount = pageCount === null || (Number.isInteger(pageCount) && Number(pageCount) > 0);
  return [
    ...(reference === '' ? ['the parse has no reference'] : []),
    ...(isCount ? [] : [`pageCount is ${String(pageCount)}`]),
  ];
}

function sectionFindings({ sections: asked = [] }: OperationAsk, found: Section[] | undefined): string[] {
  if (found === undefined) return ['no sections'];
  const names = new Set(asked.map((section) => section.name));
  const problems = found.flatMap(({ name, pages }) => [
    ...(names.has(name) ? [] : [`a section "${name}" that nobody asked for`]),
    ...(pages.every((page, at) => Number.isInteger(page) && page > (pages[at - 1] ?? 0))
      ? []
      : [`pages of "${name}" are not ascending numbers from 1`]),
  ]);
  return problems;
}

/** What is wrong with stored bodies: each must read back as JSON with the size and the hash that its reference tells. */
export async function bodyFindings(store: ResultStore, bodies: ResultRef[]): Promise<string[]> {
  const findings = await Promise.all(bodies.map((body) => bodyFinding(store, body)));
  return findings.filter((finding) => finding !== null);
}

async function bodyFinding(store: ResultStore, { key, size, sha256 }: ResultRef): Promise<string | null> {
  const bytes = await readObject(store, key);
  if (bytes === null) return 'the result is not in the store';
  if (bytes.byteLength !== size) return `the stored result has ${bytes.byteLength} bytes, its reference says ${size}`;
  if (createHash('sha256').update(bytes).digest('hex') !== sha256) return 'the stored result has another hash';
  try {
    JSON.parse(Buffer.from(bytes).toString('utf8'));
    return null;
  } catch {
    return 'the stored result is no JSON';
  }
}
