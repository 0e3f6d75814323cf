import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countPages } from '../../src/batch/forecast/count-pages.js';
import { type ForecastFacts, forecastBatch } from '../../src/batch/forecast/forecast.js';
import { rateCard } from '../../src/batch/forecast/rate-card.js';
import { reservoir } from '../../src/batch/forecast/sample.js';
import { type Survey, surveyManifest } from '../../src/batch/forecast/survey.js';
import { forecastText } from '../../src/cli/batch/started-text.js';
import { makeTextPdf } from '../support/pdf.js';
import { batchForecast } from './forecasts.js';

const survey = (change: Partial<Survey> = {}): Survey => ({
  documents: 1_000,
  unusableRows: 0,
  local: 0,
  pages: 2_000,
  pagesFrom: { manifest: 1_000, counted: 0, assumed: 0 },
  ...change,
});

const facts = (change: Partial<ForecastFacts> = {}): ForecastFacts => ({
  survey: survey(),
  request: {},
  window: 200,
  startsPerSecond: 20,
  expectedMs: () => 7_000,
  quota: { requestsPerSecond: null, readsPerSecond: null },
  rates: null,
  ...change,
});

describe('forecastBatch', () => {
  it('is set by the pace of starts, the window, or the quota, whichever takes longest', () => {
    // 999 starts at 20 a second, then the last document's 3 + 7 s.
    expect(forecastBatch(facts())).toMatchObject({ limitedBy: 'starts', startsMs: 49_950, totalMs: 59_950 });
    // 800 documents in lanes of 10 s.
    expect(forecastBatch(facts({ window: 10 }))).toMatchObject({ limitedBy: 'window', totalMs: 1_000_000 });
    const quota = { requestsPerSecond: null, readsPerSecond: 3 };
    expect(forecastBatch(facts({ quota }))).toMatchObject({ limitedBy: 'quota', totalMs: 1_010_000 });
  });

  it('counts jobs, actions and credits of what is asked', () => {
    const rates = rateCard.parse({ creditsPerPage: { parse: 1, extract: 0.5 }, pricePerCredit: 0.01 });
    const request = { schema: { type: 'object' as const } };
    expect(forecastBatch(facts({ request, rates }))).toMatchObject({
      jobs: { parse: 1_000, extract: 1_000 },
      credits: 3_000,
      price: { amount: 30, currency: 'USD' },
      documentMs: 17_000,
    });
    const more = forecastBatch(facts({ request, survey: survey({ local: 1_000 }) })).temporalActions;
    expect(more).toBe(forecastBatch(facts({ request })).temporalActions + 1_000);
  });

  it('invents no price: without a card, for an operation that it leaves out, without pages', () => {
    const rates = rateCard.parse({ creditsPerPage: { parse: 1 } });
    expect(forecastBatch(facts())).toMatchObject({ credits: null, price: null });
    expect(forecastBatch(facts({ rates }))).toMatchObject({ credits: 2_000, price: null });
    expect(
      forecastBatch(facts({ rates, request: { sections: [{ name: 'a', description: 'b' }] } })).credits,
    ).toBeNull();
    expect(forecastBatch(facts({ rates, survey: survey({ pages: null }) })).credits).toBeNull();
  });

  it('tells no time where the vendor has no usual one, and none for nothing', () => {
    expect(forecastBatch(facts({ expectedMs: () => null })).totalMs).toBeNull();
    expect(forecastBatch(facts({ survey: survey({ documents: 0, pages: 0 }) })).totalMs).toBe(0);
  });
});

describe('surveyManifest', () => {
  it('takes the manifest at its word, counts a sample, and takes the rest to be like it', async () => {
    const rows = [
      ...Array.from({ length: 10 }, () => ({ source: 'https://h.example/a.pdf', pages: 7 })),
      ...Array.from({ length: 1_000 }, (_, index) => ({ source: `/in/${index}.pdf` })),
      ...Array.from({ length: 100 }, () => ({ source: 'https://h.example/b.pdf' })),
      null,
    ];
    const opened: string[] = [];
    const countPages = async (path: string): Promise<number> => opened.push(path) && 3;
    const found = await surveyManifest(rows, { countPages, sample: 50 });
    expect(opened).toHaveLength(50);
    expect(found).toMatchObject({ documents: 1_110, unusableRows: 1, local: 1_000 });
    expect(found.pagesFrom).toEqual({ manifest: 10, counted: 50, assumed: 1_050 });
    // Files like files, URLs like all that is known: (70 + 150) / 60.
    expect(found.pages).toBe(Math.round(70 + 150 + 950 * 3 + 100 * (220 / 60)));
  });

  it('knows no pages where nothing tells, and stops opening files when its time is over', async () => {
    const rows = [{ source: '/a.docx' }, { source: '/b.docx' }];
    expect(await surveyManifest(rows, { countPages: async () => null })).toMatchObject({ pages: null });
    let now = 0;
    const slow = { countPages: async () => ((now += 600), 1), limitMs: 1_000, now: () => now };
    const many = Array.from({ length: 100 }, (_, index) => ({ source: `/${index}.pdf` }));
    expect((await surveyManifest(many, slow)).pagesFrom).toEqual({ manifest: 0, counted: 2, assumed: 98 });
  });
});

it('a sample has each item with the same chance, and is the same again', () => {
  const hits = new Array<number>(100).fill(0);
  for (let seed = 0; seed < 2_000; seed++) {
    const sample = reservoir<number>(10, seed);
    for (let item = 0; item < 100; item++) sample.add(item);
    for (const item of sample.items()) hits[item] = (hits[item] ?? 0) + 1;
  }
  // Expected 200 each, standard deviation 13.
  expect(Math.min(...hits)).toBeGreaterThan(130);
  expect(Math.max(...hits)).toBeLessThan(270);
});

describe('countPages', () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'docjobs-pages-'));
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));

  it('counts PDFs and images, and says so of nothing else', async () => {
    const file = async (name: string, bytes: Uint8Array | string): Promise<string> => {
      await writeFile(join(dir, name), bytes);
      return join(dir, name);
    };
    expect(await countPages(await file('a.pdf', await makeTextPdf({ pages: 3 })))).toBe(3);
    expect(await countPages(await file('a.png', 'x'))).toBe(1);
    expect(await countPages(await file('broken.pdf', '%PDF-1.7 nothing more'))).toBeNull();
    expect(await countPages(await file('a.docx', 'x'))).toBeNull();
    expect(await countPages(join(dir, 'none.pdf'))).toBeNull();
  });
});

it('a forecast says what it rests on', () => {
  const text = forecastText(
    batchForecast({ pagesFrom: { manifest: 2, counted: 5, assumed: 3 }, credits: null, price: null }),
  );
  expect(text).toMatch(/^ {2}pages +20 +2 documents by the manifest, 5 counted, 3 taken to be like these$/m);
  expect(text).toMatch(/^ {2}credits +– +not known without --rates/m);
  expect(text).not.toContain('price');
});
