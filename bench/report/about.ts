import type { Kept } from './kept.js';
import type { Bar } from './svg.js';
import { plainText } from './table.js';

export interface About {
  title: string;
  /** What is measured, in a sentence or two. */
  text: string;
  /** What its rows show as bars; none where figures stand for themselves. */
  chart?: { title: string; unit: string; bars: (rows: Kept['rows']) => Bar[] };
}

const bars =
  (value: string, ...labels: string[]) =>
  (rows: Kept['rows']): Bar[] =>
    rows.flatMap((row) => {
      const figure = row[value];
      if (typeof figure !== 'number') return [];
      return [
        {
          label: labels.flatMap((label) => plainText(row[label]) || []).join(', '),
          value: figure,
        },
      ];
    });

/** In the order of the page. */
export const ABOUT: Readonly<Record<string, About>> = {
  wait: {
    title: 'Waiting',
    text: 'N documents in flight, one way of waiting after the other, on the same box.',
    chart: { title: 'Lag at the 99th percentile', unit: 's', bars: bars('p99', 'strategy') },
  },
  cost: {
    title: 'What one wait costs',
    text: 'Events and billable actions of one parse, ours beside the plain loop.',
    chart: { title: 'History events', unit: 'number', bars: bars('events', 'how', 'job', 'estimate', 'time') },
  },
  recovery: { title: 'A worker dies at full load', text: 'kill -9 of the only worker, and another one started.' },
  peers: {
    title: 'Beside other engines',
    text: 'The same document job, with the same vendor on the same box, in turn.',
    chart: { title: 'Lag at the 99th percentile', unit: 's', bars: bars('p99', 'engine') },
  },
  cpu: {
    title: 'CPU of the worker',
    text: 'Ours beside the least that has the same shape.',
    chart: {
      title: 'CPU a document',
      unit: 'ms',
      bars: (rows) => bars('CPU ms a document', 'worker')(rows.slice(0, 2)),
    },
  },
  batch: { title: 'Batches', text: 'One batch from its manifest to its record, while worker and server are killed.' },
  'batch-parent': {
    title: 'The workflow of a batch alone',
    text: 'Its children and activities answered by a driver, without a server.',
  },
  'batch-steering': {
    title: 'Steering batches',
    text: 'What failed is done again; a batch is cancelled; small tenants beside a large one.',
    chart: {
      title: 'Tenants have all their documents after',
      unit: 's',
      bars: (rows) =>
        bars('value', 'figure')(rows.filter(({ figure }) => / has all after, s$/.test(String(figure)))).map(shortened),
    },
  },
  quota: { title: 'Quotas', text: 'A vendor that refuses more than its limit, which is cut to a tenth on the way.' },
  manifest: { title: 'Planning a manifest', text: 'Each manifest in a process of its own.' },
  results: {
    title: 'Results',
    text: 'A large result on its way from the vendor through the worker to the store, and back.',
    chart: { title: 'Speed', unit: 'MB/s', bars: bars('MB/s', 'what') },
  },
  webhooks: { title: 'Webhooks', text: 'What a webhook saves, and costs.' },
  'webhook-faults': {
    title: 'Webhooks under faults',
    text: 'Webhooks that come early, late, twice, forged, or not at all.',
  },
  cancel: {
    title: 'Cancels',
    text: 'From the cancel of a workflow to the cancel at the vendor.',
    chart: { title: 'At the 99th percentile', unit: 'ms', bars: bars('p99 ms', 'vendor', 'stage') },
  },
  storm: { title: 'A storm of refusals', text: 'Reads answered by 429.' },
  stuck: { title: 'Jobs that hang', text: 'Jobs that never end, and workflows that are terminated.' },
  outage: { title: 'Outages', text: 'The vendor, Temporal, or both are gone for a while.' },
};

const shortened = ({ label, value }: Bar): Bar => ({
  label: label.replace(/(: the last)? has all after, s$/, ''),
  value,
});
