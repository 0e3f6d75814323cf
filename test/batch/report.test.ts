import { describe, expect, it } from 'vitest';
import { createHistogram } from '../../src/batch/report/histogram.js';
import { escapeHtml, html } from '../../src/batch/report/html.js';
import { renderReport, type ReportFacts } from '../../src/batch/report/render-report.js';
import { MAX_FAILURES, summariseBatch, type BatchSummary } from '../../src/batch/report/summary.js';
import { createTimeline } from '../../src/batch/report/timeline.js';
import { niceTop } from '../../src/batch/report/charts.js';
import { compareForecast } from '../../src/batch/report/compare.js';
import type { BatchRow } from '../../src/jobs/batch.js';
import { batchForecast } from './forecasts.js';

const T0 = Date.parse('2026-01-01T00:00:00Z');
const at = (seconds: number): string => new Date(T0 + seconds * 1_000).toISOString();

const row = (change: Partial<BatchRow> = {}): BatchRow => ({
  schemaVersion: 1,
  index: 0,
  id: 'a.pdf',
  source: 'file:///in/a.pdf',
  workflowId: 'document-a',
  drive: 0,
  state: 'done',
  jobs: [
    {
      operation: 'parse',
      jobId: 'job-a',
      outcome: 'completed',
      submits: 1,
      reads: 2,
      pages: 3,
      credits: 1.5,
      submittedAt: at(1),
      endedAt: at(9),
    },
  ],
  pages: 3,
  credits: 1.5,
  startedAt: at(0),
  endedAt: at(10),
  ...change,
});

async function* streamed(rows: readonly BatchRow[]): AsyncGenerator<BatchRow> {
  yield* rows;
}

const summarise = (all: readonly BatchRow[], latest = all, planned = latest.length): Promise<BatchSummary> =>
  summariseBatch({ all: streamed(all), latest: streamed(latest), planned });

const failed = (change: Partial<BatchRow> = {}): BatchRow =>
  row({ state: 'failed', error: { type: 'DocumentJobFailed', reason: 'it would not' }, ...change });

const page = (summary: BatchSummary, change: Partial<ReportFacts> = {}): string =>
  renderReport({
    batchId: 'batch-1',
    summary,
    forecast: null,
    rates: null,
    stage: 'completed',
    sandbox: false,
    command: (words) => ['docjobs', ...words].join(' '),
    writtenAt: at(60),
    ...change,
  });

describe('summariseBatch', () => {
  it('counts what was paid in all drives, and each document once', async () => {
    const first = failed();
    const again = row({ drive: 1, startedAt: at(20), endedAt: at(30) });
    const summary = await summarise([first, again], [again]);
    expect(summary).toMatchObject({ documents: 1, drives: 2, firstStart: T0, lastEnd: T0 + 30_000 });
    expect(summary.states).toMatchObject({ done: 1, failed: 0 });
    expect(summary.errors.size).toBe(0);
    expect([summary.cost.total('pages'), summary.cost.total('credits')]).toEqual([6, 3]);
  });

  it('takes nothing from documents that were done elsewhere but that they are done', async () => {
    const summary = await summarise([row({ reused: true })]);
    expect(summary).toMatchObject({ documents: 1, reused: 1, firstStart: null });
    expect(summary.cost.operations()).toEqual([]);
    expect(summary.durations.count()).toBe(0);
  });

  it('tells documents that were planned and have no row', async () => {
    const summary = await summarise([row()], [row()], 4);
    expect(summary.documents).toBe(4);
    expect(summary.states).toMatchObject({ done: 1, not_started: 3 });
  });

  it('counts the time with no job at the vendor: jobs side by side count once, gaps in full', async () => {
    const [parse] = row().jobs;
    if (parse === undefined) throw new Error('no job');
    const jobs = [
      parse,
      { ...parse, operation: 'extract' as const, submittedAt: at(10), endedAt: at(20) },
      { ...parse, operation: 'split' as const, submittedAt: at(11), endedAt: at(15) },
    ];
    const { lag, durations } = await summarise([row({ jobs, endedAt: at(21) })]);
    // 0–1, 9–10, 20–21.
    expect(lag.quantile(0.5)).toBeGreaterThan(2_900);
    expect(lag.quantile(0.5)).toBeLessThan(3_100);
    expect(durations.quantile(0.5)).toBeGreaterThan(20_400);
  });

  it('keeps the first failures, the slowest and a bounded number of error types', async () => {
    const many = Array.from({ length: 2_000 }, (_, index) =>
      failed({ index, id: `d${index}`, endedAt: at(index), error: { type: `T${index}`, reason: 'r' } }),
    );
    const summary = await summarise(many);
    expect(summary.failures).toHaveLength(MAX_FAILURES);
    expect(summary.failures.at(-1)?.index).toBe(MAX_FAILURES - 1);
    expect(summary.slowest[0]).toMatchObject({ id: 'd1999', ms: 1_999_000 });
    expect(summary.slowest).toHaveLength(15);
    expect(summary.errors.size).toBe(101);
    expect([...summary.errors.values()].reduce((sum, { count }) => sum + count, 0)).toBe(2_000);
  });
});

describe('createHistogram', () => {
  it('tells quantiles within 3 % and leaves no bin out', () => {
    const histogram = createHistogram();
    for (let ms = 1; ms <= 10_000; ms++) histogram.add(ms);
    for (const [share, exact] of [
      [0.5, 5_000],
      [0.9, 9_000],
      [0.99, 9_900],
    ] as const) {
      expect(Math.abs((histogram.quantile(share) ?? 0) - exact) / exact).toBeLessThan(0.03);
    }
    const bins = histogram.bins();
    expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(10_000);
    for (const [index, bin] of bins.entries()) if (index > 0) expect(bin.from).toBe(bins[index - 1]?.to);
  });

  it('counts 0, and neither what is no number nor what is before the start', () => {
    const histogram = createHistogram();
    for (const ms of [0, Number.NaN, -5, Infinity]) histogram.add(ms);
    expect(histogram.count()).toBe(1);
    expect(histogram.quantile(0.5)).toBe(0);
    expect(createHistogram().quantile(0.5)).toBeNull();
    expect(createHistogram().bins()).toEqual([]);
  });
});

describe('createTimeline', () => {
  it('loses none when its bins grow, in whatever order things are told', () => {
    const timeline = createTimeline();
    const seconds = Array.from({ length: 5_000 }, (_, index) => (index * 7_919) % 100_000);
    for (const second of seconds) {
      timeline.started(T0 + second * 1_000);
      timeline.ended(T0 + second * 1_000 + 500);
    }
    const bins = timeline.bins();
    expect(bins.length).toBeLessThanOrEqual(122);
    expect(bins.reduce((sum, { starts }) => sum + starts, 0)).toBe(5_000);
    expect(bins.reduce((sum, { ends }) => sum + ends, 0)).toBe(5_000);
    expect(timeline.width()).toBe(900_000);
  });
});

describe('html', () => {
  it('escapes texts and keeps markup', () => {
    const inner = html`<b>${'<i>&"\''}</b>`;
    expect(html`<p title="${'"><script>'}">${[inner, inner]}${null}${0}</p>`.text).toBe(
      '<p title="&quot;&gt;&lt;script&gt;"><b>&lt;i&gt;&amp;&quot;&#39;</b><b>&lt;i&gt;&amp;&quot;&#39;</b>0</p>',
    );
  });

  it('shows what would hide: control characters, marks that turn the direction, halves of pairs', () => {
    expect(escapeHtml('a\u0000\u001b\u202eb\ud800c\u2066\n')).toBe('a\ufffd\ufffd\ufffdb\ufffdc\ufffd\n');
    expect(escapeHtml('naïve 文書 🧾')).toBe('naïve 文書 🧾');
  });
});

describe('renderReport', () => {
  it('is one page without scripts that loads nothing, whatever the documents are called', async () => {
    const hostile = '"><script>alert(1)</script><img src=x onerror=alert(2)>';
    const error = { type: hostile, reason: hostile, vendorCode: hostile, operation: hostile };
    const text = page(await summarise([failed({ id: hostile, workflowId: hostile, error })]), { batchId: hostile });
    expect(text).not.toMatch(/<script|<img|<link|<iframe|\bsrc="|@import|url\(/i);
    expect(text).toContain('&lt;script&gt;alert(1)');
    expect(text).toContain(`default-src 'none'`);
  });

  it('has a section for everything, well-formed', async () => {
    const summary = await summarise([row(), failed({ id: 'b.pdf', index: 1 })]);
    const text = page(summary, {
      forecast: batchForecast(),
      rates: { creditsPerPage: { parse: 1 }, pricePerCredit: 2, currency: 'EUR' },
    });
    const titles = [...text.matchAll(/<h2>([^<]*)<\/h2>/g)].map(([, title]) => title);
    expect(titles).toEqual([
      'States',
      'Forecast and actual',
      'Cost',
      'Time',
      'Errors',
      'Slowest documents',
      'Documents that are not done',
    ]);
    expect(text).toContain('docjobs batch redrive batch-1 --error DocumentJobFailed');
    expect(text).toContain('6.00 EUR');
    for (const tag of ['table', 'tr', 'td', 'th', 'svg', 'g', 'section', 'figure', 'details', 'pre', 'div', 'p']) {
      const opened = text.match(new RegExp(`<${tag}[\\s>]`, 'g'))?.length ?? 0;
      expect([tag, text.match(new RegExp(`</${tag}\\s*>`, 'g'))?.length ?? 0]).toEqual([tag, opened]);
    }
    for (const [svg] of text.matchAll(/<svg[^>]*>/g)) expect(svg).toMatch(/role="img"[\s\S]*aria-label="[^"]+"/);
  });

  it('shows the first failures and the command for the rest', async () => {
    const many = Array.from({ length: 600 }, (_, index) => failed({ index, id: `d${index}` }));
    const text = page(await summarise(many));
    expect(text).toContain('The first 500 of 600');
    expect(text).toContain('docjobs batch rows batch-1 --csv --only unfinished');
    expect(text).not.toContain('d500<');
  });

  it('is a page of an empty record, too', async () => {
    expect(page(await summarise([]))).toContain('nothing to show');
  });
});

it.each([
  [0, 1],
  [0.3, 0.5],
  [1, 1],
  [7, 10],
  [11, 20],
  [480, 500],
  [5_001, 10_000],
])('the top of an axis for %d is %d', (value, top) => {
  expect(niceTop(value)).toBeCloseTo(top);
});

it('compares what was forecast and what came, leaving out what nobody knows', () => {
  const actual = { documents: 9, jobs: null, pages: 12, credits: null, price: null, durationMs: 90_000 };
  expect(compareForecast(batchForecast({ price: null, credits: null }), actual)).toEqual([
    ['documents', '10', '9'],
    ['vendor jobs', '10', '–'],
    ['pages', '20', '12'],
    ['time', '30s', '1m 30s'],
  ]);
});
