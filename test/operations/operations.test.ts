import { beforeAll, describe, expect, it } from 'vitest';
import * as metrics from '../../src/activities/metrics.js';
import { documentMetricBuckets } from '../../src/index.js';
import type { JobRef } from '../../src/jobs/types.js';
import { alertExpressions, dashboard, dashboardExpressions, groupings, readText, usesIn } from './expressions.js';
import { parseSamples, RECORDED, type Sample, scrapeWorker } from './scrape.js';

const SECRET_ID = 'job-that-no-tag-may-hold';
const job: JobRef = { provider: 'fake', account: 'fake', operation: 'parse', jobId: SECRET_ID };

/** Values that a tag takes although this worker had no reason to: what else may stand there is written down in the docs. */
const DOCUMENTED = readText('docs/operations.md');

let samples: Sample[];
let byName: Map<string, Sample[]>;
beforeAll(async () => {
  samples = await scrapeWorker(job);
  byName = new Map();
  for (const sample of samples) byName.set(sample.name, [...(byName.get(sample.name) ?? []), sample]);
}, 120_000);

const all = [...dashboardExpressions(), ...alertExpressions()];
/** A histogram's parts are samples of their own. */
const baseOf = (name: string): string => name.replace(/_(?:bucket|sum|count)$/, '');
/** What every activity's meter adds, and what the SDK adds to its own. */
const ADDED = new Set(['namespace', 'taskQueue', 'activityType', 'le']);

it('the scrape has each instrument of ours', () => {
  expect(Object.keys(RECORDED).sort()).toEqual(Object.keys(metrics).sort());
  const written = new Set(readText('src/activities/metrics.ts').match(/(?<=')document_jobs_\w+(?=')/g));
  const scraped = new Set(samples.map(({ name }) => baseOf(name)).filter((name) => name.startsWith('document_jobs_')));
  expect([...scraped].sort()).toEqual([...written].sort());
});

it('the document that the worker did is in it, and no tag holds an id', () => {
  const ended = byName.get('document_jobs_ended')?.find(({ labels }) => labels.provider === 'reducto');
  expect(ended?.labels).toMatchObject({ account: 'reducto', operation: 'parse', outcome: 'completed' });
  expect(ended?.value).toBe(1);
  expect(byName.get('document_jobs_vendor_time_count')?.some(({ labels }) => labels.provider === 'reducto')).toBe(true);
  expect(JSON.stringify(samples)).not.toContain(SECRET_ID);
});

it('the table of the docs has its names, kinds and tags', () => {
  const rows = [...DOCUMENTED.matchAll(/^\| `(document_jobs_\w+)` \| (\w+) \| (\S+) \| ([^|]*) \|/gm)];
  const names = rows.map(([, name = '']) => name);
  const scraped = samples.filter(({ name }) => name.startsWith('document_jobs_'));
  expect(names.sort()).toEqual([...new Set(scraped.map(({ name }) => baseOf(name)))].sort());
  for (const [, name = '', kind, , tags = ''] of rows) {
    const own: Sample[] = scraped.filter((sample) => baseOf(sample.name) === name);
    expect(
      own.some((sample) => sample.name.endsWith('_bucket')),
      name,
    ).toBe(kind === 'histogram');
    const labels = Object.keys(own[0]?.labels ?? {}).filter((label) => !ADDED.has(label));
    expect(labels.sort(), name).toEqual([...tags.matchAll(/`(\w+)`/g)].map(([, tag = '']) => tag).sort());
  }
});

it('each histogram of ours has the buckets that it is given', () => {
  const histograms = [...byName.keys()].filter((name) => /^document_jobs_.*_bucket$/.test(name)).map(baseOf);
  expect(histograms.sort()).toEqual(Object.keys(documentMetricBuckets).sort());
  for (const name of histograms) {
    const bounds = new Set(byName.get(`${name}_bucket`)?.map(({ labels }) => Number(labels.le)));
    bounds.delete(Infinity);
    bounds.delete(NaN);
    expect([...bounds], name).toEqual(documentMetricBuckets[name]);
  }
});

describe('the dashboard and the alerts ask for what a worker has', () => {
  it.each(all)('$of', ({ expr, shown }) => {
    const uses = usesIn(expr);
    expect(uses.length).toBeGreaterThan(0);
    for (const { metric, matchers } of uses) {
      const found = byName.get(metric) ?? [];
      expect(found.length, `${metric} is not in the scrape`).toBeGreaterThan(0);
      for (const { label, equals } of matchers) {
        const values = found.map(({ labels }) => labels[label]);
        expect(
          values.some((value) => value !== undefined),
          `${metric} has no label ${label}`,
        ).toBe(true);
        const isKnown = equals === null || values.includes(equals) || isDocumented(metric, equals);
        expect(isKnown, `${metric}{${label}="${equals}"}`).toBe(true);
      }
    }
    for (const { metric, labels } of groupings(expr))
      for (const label of labels)
        expect(
          byName.get(metric)?.some((sample) => label in sample.labels),
          `${metric} by ${label}`,
        ).toBe(true);
    const labels = uses.flatMap(({ metric }) => (byName.get(metric) ?? []).flatMap((one) => Object.keys(one.labels)));
    for (const label of shown) expect(labels).toContain(label);
  });

  function isDocumented(metric: string, value: string): boolean {
    if (metric.startsWith('temporal_')) return value === 'cancelDocumentJob';
    const row = DOCUMENTED.split('\n').find((line) => line.startsWith(`| \`${baseOf(metric)}\``)) ?? '';
    return row.includes(`\`${value}\``);
  }

  it("and the dashboard's variables do", () => {
    for (const { definition } of dashboard.templating.list.filter(({ type }) => type === 'query')) {
      const [, metric = '', label = ''] = /^label_values\((\w+), (\w+)\)$/.exec(definition ?? '') ?? [];
      expect(
        byName.get(metric)?.every(({ labels }) => label in labels),
        definition,
      ).toBe(true);
    }
  });

  it('and every metric of ours is on the dashboard', () => {
    const shown = new Set(
      dashboardExpressions().flatMap(({ expr }) => usesIn(expr).map(({ metric }) => baseOf(metric))),
    );
    const ours = [...byName.keys()].map(baseOf).filter((name) => name.startsWith('document_jobs_'));
    expect([...new Set(ours)].filter((name) => !shown.has(name))).toEqual([]);
  });

  it("and the SDK's that an operator needs", () => {
    const shown = new Set(
      dashboardExpressions().flatMap(({ expr }) => usesIn(expr).map(({ metric }) => baseOf(metric))),
    );
    for (const [, name = ''] of DOCUMENTED.matchAll(/^\| `(temporal_\w+)`/gm)) expect(shown).toContain(name);
  });
});

describe('the dashboard', () => {
  const { panels, templating, schemaVersion } = dashboard;

  it('is of a Grafana 11 or 12, with the data source as a variable', () => {
    expect(schemaVersion).toBeGreaterThanOrEqual(39);
    expect(schemaVersion).toBeLessThanOrEqual(41);
    expect(templating.list[0]).toMatchObject({ name: 'datasource', type: 'datasource', query: 'prometheus' });
    for (const panel of panels.filter(({ type }) => type !== 'row')) {
      expect(panel.datasource).toEqual({ type: 'prometheus', uid: '${datasource}' });
      for (const target of panel.targets ?? []) expect(target.datasource.uid).toBe('${datasource}');
    }
  });

  it('has panels that do not lie on each other', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) => {
      expect(x + w).toBeLessThanOrEqual(24);
      return Array.from({ length: w * h }, (_, at) => `${x + (at % w)},${y + Math.floor(at / w)}`);
    });
    expect(new Set(cells).size).toBe(cells.length);
  });
});

it('a name that no worker has would be found out', () => {
  const [sample] = parseSamples('document_jobs_ended{account="a b",outcome="failed"} 3');
  expect(sample).toEqual({ name: 'document_jobs_ended', labels: { account: 'a b', outcome: 'failed' }, value: 3 });
  expect(usesIn('rate(document_jobs_ended_total{outcome="failed"}[5m])')).toEqual([
    { metric: 'document_jobs_ended_total', matchers: [{ label: 'outcome', equals: 'failed' }] },
  ]);
  expect(byName.has('document_jobs_ended_total')).toBe(false);
});
