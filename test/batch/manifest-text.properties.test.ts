import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvEntries } from '../../src/batch/manifest/csv-entries.js';
import { jsonlEntries } from '../../src/batch/manifest/jsonl-entries.js';
import type { ManifestEntry } from '../../src/batch/manifest/manifest-entry.js';
import { textLines } from '../../src/batch/text-lines.js';
import { all } from '../support/batch-record.js';

/** Bytes in pieces of these sizes, in turn, all in one buffer as a file is read. */
async function* pieces(text: string, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  const shared = Buffer.alloc(64);
  for (let at = 0, turn = 0; at < bytes.byteLength; turn++) {
    const size = Math.min(sizes[turn % sizes.length] ?? 1, bytes.byteLength - at);
    bytes.copy(shared, 0, at, at + size);
    at += size;
    yield shared.subarray(0, size);
    shared.fill(0x78);
  }
}
const sizes = fc.array(fc.integer({ min: 1, max: 64 }), { minLength: 1, maxLength: 5 });
const check = <T>(arbitrary: fc.Arbitrary<T>, holds: (value: T) => Promise<void>): Promise<void> =>
  fc.assert(fc.asyncProperty(arbitrary, holds), { numRuns: 500 });

describe('textLines', () => {
  it('gives the same lines however the bytes come', async () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'ä', '€', '😀', '\n', '\r\n', ' '), maxLength: 80 });
    await check(fc.tuple(text, sizes), async ([content, cut]) => {
      const expected = content.split('\n').map((line) => line.replace(/\r$/, ''));
      if (expected.at(-1) === '') expected.pop();
      const lines = await all(textLines(pieces(content, cut), 1_000));
      expect(lines.map(({ text: line }) => line)).toEqual(expected);
      expect(lines.map(({ number }) => number)).toEqual(expected.map((_, at) => at + 1));
    });
  });

  it('reads past a line that is too long, and keeps those around it', async () => {
    const lines = await all(textLines(pieces(`a\n${'x'.repeat(500)}\nb\n${'y'.repeat(101)}`, [7]), 100));
    expect(lines).toEqual([
      { number: 1, text: 'a' },
      { number: 2, text: null },
      { number: 3, text: 'b' },
      { number: 4, text: null },
    ]);
  });
});

/** RFC 4180. */
const quoted = (cell: string): string =>
  /[",\r\n]/.test(cell) || cell === '' ? `"${cell.replaceAll('"', '""')}"` : cell;
const cell = fc.string({ unit: fc.constantFrom('a', 'ü', ' ', ',', ';', '"', '\n', '=', '€'), maxLength: 8 });

describe('csvEntries', () => {
  it('reads whatever a table holds, however the bytes come', async () => {
    const table = fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 12 });
    await check(fc.tuple(table, sizes, fc.constantFrom('\n', '\r\n')), async ([rows, cut, end]) => {
      const lines = [['source', 'id', 'else'], ...rows].map((row) => row.map(quoted).join(','));
      const entries = await all(csvEntries(pieces(lines.join(end), cut)));
      const expected = rows.map(([source, id]) => ({ ...(source !== '' && { source }), ...(id !== '' && { id }) }));
      expect(entries.map((entry) => ('row' in entry ? entry.row : entry))).toEqual(expected);
    });
  });

  it('tells broken rows and loses no good one behind them, whatever they are', async () => {
    const garbage = fc.string({ unit: fc.constantFrom('a', ',', '"', '"', 'b'), maxLength: 8 });
    await check(fc.tuple(fc.array(garbage, { minLength: 1, maxLength: 4 }), sizes), async ([bad, cut]) => {
      const good = Array.from({ length: 60 }, (_, at) => `s${at},i${at}`);
      const entries = await all(csvEntries(pieces(['source,id', ...bad, ...good].join('\n'), cut)));
      const found = new Set(
        entries.map((entry: ManifestEntry) => ('row' in entry ? (entry.row as { id?: string }).id : '')),
      );
      // A quote that is left open in the rows before may take part of what follows for its text, but not more than the lines of one cell.
      expect(good.slice(50).every((_, at) => found.has(`i${at + 50}`))).toBe(true);
      for (const entry of entries) expect(entry.line).toBeGreaterThan(1);
    });
  });
});

describe('jsonlEntries', () => {
  it('never throws and never quotes what it could not read', async () => {
    await check(fc.tuple(fc.string({ maxLength: 60 }), sizes), async ([text, cut]) => {
      for (const entry of await all(jsonlEntries(pieces(text, cut)))) {
        if ('problem' in entry) expect(entry.problem).toBe('is no JSON');
      }
    });
  });
});
