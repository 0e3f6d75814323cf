import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Kept, keptName, readKept } from '../../bench/report/kept.js';
import { benchmarksPage } from '../../bench/report/page.js';
import { benchImages, IMAGES, PAGE } from '../../bench/report/write.js';

const run: Kept = {
  name: 'peers',
  options: ['--documents', '300'],
  date: '2026-01-02T03:04:05.000Z',
  machine: '2 × CPU',
  seed: 7,
  notes: ['a <note>'],
  broken: ['a | promise'],
  rows: [
    { engine: 'one & two', p99: 1234.5678, only: 'here' },
    { engine: 'three', p99: 2 },
  ],
  series: [
    {
      title: 'Memory',
      x: 'documents',
      y: 'MB',
      points: [
        [0, 10],
        [100, 20],
      ],
    },
  ],
};

describe('docs/benchmarks.md', () => {
  it('is what the kept figures give, and its pictures with it', async () => {
    const { markdown, images } = benchmarksPage(await readKept());
    expect(await readFile(PAGE, 'utf8')).toBe(markdown);
    expect((await benchImages()).sort()).toEqual([...images.keys()].sort());
    for (const [file, svg] of images) expect(await readFile(join(IMAGES, file), 'utf8')).toBe(svg);
  });

  it('says of each run what it was, its figures, and what did not hold', () => {
    const { markdown, images } = benchmarksPage([run]);
    expect(markdown).toContain('`npm run bench -- peers --documents 300` · 2026-01-02 · 2 × CPU; seed 7');
    expect(markdown).toContain(
      '| engine | p99 | only |\n|---|--:|---|\n| one & two | 1,234.57 | here |\n| three | 2 |  |',
    );
    expect(markdown).toContain('- a &lt;note>');
    expect(markdown).toContain('*Broken*: a \\| promise');
    expect([...images.keys()]).toEqual(['bench-peers-documents-300.svg', 'bench-peers-documents-300-1.svg']);
    for (const file of images.keys()) expect(markdown).toContain(`(images/${file})`);
  });

  it('draws the largest value widest, and escapes what it writes', () => {
    const [bars = '', line = ''] = benchmarksPage([run]).images.values();
    const widths = [...bars.matchAll(/class="bar"[^>]* width="([\d.]+)"/g)].map(([, width]) => Number(width));
    expect(widths[0]).toBe(350);
    expect(widths[1]).toBeCloseTo((350 * 2) / 1234.5678, 1);
    expect(bars).toContain('one &amp; two');
    expect(line).toMatch(/<path class="line" d="M60 \d+(\.\d)?L700 \d+(\.\d)?"\/>/);
  });

  it('refuses figures of a bench that it knows nothing about', () => {
    expect(() => benchmarksPage([{ ...run, name: 'unheard-of' }])).toThrow('says nothing about unheard-of');
  });

  it('keeps one file for a bench with its options', () => {
    expect(keptName('batch', ['--documents', '20000', '--database'])).toBe('batch-documents-20000-database.json');
    expect(keptName('cpu', [])).toBe('cpu.json');
  });
});
