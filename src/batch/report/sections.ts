import type { BatchForecast } from '../../jobs/batch-forecast.js';
import type { BatchRow } from '../../jobs/batch.js';
import { priceOf, type RateCard } from '../forecast/rate-card.js';
import { compareForecast, count, time, UNKNOWN } from './compare.js';
import { html, type Html } from './html.js';
import { byCount, MAX_FAILURES, OTHER_ERRORS, ROW_STATES, type BatchSummary } from './summary.js';

type Cell = Html | string;
/** Columns that begin with `#` hold figures. */
export function tableOf(columns: readonly string[], rows: readonly (readonly Cell[])[]): Html {
  const className = (at: number): string => (columns[at]?.startsWith('#') ? 'n' : '');
  const head = columns.map((name, at) => html`<th scope="col" class="${className(at)}">${name.replace(/^#/, '')}</th>`);
  const body = rows.map(
    (row) =>
      html`<tr>
        ${row.map((cell, at) => html`<td class="${className(at)}">${cell}</td>`)}
      </tr>`,
  );
  return html`<div class="wide">
    <table>
      <thead>
        <tr>
          ${head}
        </tr>
      </thead>
      <tbody>
        ${body}
      </tbody>
    </table>
  </div>`;
}

export const stateWord = (state: string): string => state.replaceAll('_', ' ');

export function stateTable({ states, documents }: BatchSummary): Html {
  const rows = ROW_STATES.filter((state) => states[state] > 0).map((state) => [
    html`<span class="swatch s-${state}"></span>${stateWord(state)}`,
    count(states[state]),
    `${((100 * states[state]) / Math.max(1, documents)).toFixed(1)} %`,
  ]);
  return tableOf(['state', '#documents', '#share'], rows);
}

export function costTable({ cost }: BatchSummary, rates: RateCard | null): Html {
  const rows = cost
    .operations()
    .map(([operation, { jobs, completed, submits, reads, pages, credits, durations }]) => [
      operation,
      count(jobs),
      count(completed),
      count(submits),
      count(reads),
      count(pages),
      count(credits),
      time(durations.quantile(0.5)),
      time(durations.quantile(0.99)),
    ]);
  const price = priceOf(cost.total('credits'), rates);
  const columns = ['operation', '#jobs', '#completed', '#submits', '#reads', '#pages', '#credits', '#p50', '#p99'];
  return html`${tableOf(columns, rows)}${price === null ? null : html`<p>By your rate card: ${price.amount.toFixed(2)} ${price.currency}.</p>`}
    <p class="dim">
      As the vendor told, over all drives; reused documents were paid elsewhere and are not in it. p50 and p99: from
      submit to the end as it was seen.
    </p>`;
}

export function forecastTable(forecast: BatchForecast, summary: BatchSummary, rates: RateCard | null): Html {
  const { cost, documents, firstStart, lastEnd } = summary;
  const credits = cost.total('credits');
  const rows = compareForecast(forecast, {
    documents,
    jobs: cost.operations().reduce((sum, [, { jobs }]) => sum + jobs, 0),
    pages: cost.total('pages'),
    credits,
    price: priceOf(credits, rates),
    durationMs: firstStart === null || lastEnd === null ? null : lastEnd - firstStart,
  });
  return html`${tableOf(['', '#forecast', '#actual'], rows)}
    <p class="dim">
      Actual: all drives, without reused documents; pages are those that jobs were billed for, so that a document's page
      counts once for each operation.
    </p>`;
}

export type Command = (words: readonly string[]) => string;

export function errorTable({ errors }: BatchSummary, batchId: string, command: Command): Html {
  if (errors.size === 0) return html`<p class="none">No errors.</p>`;
  return html`${byCount(errors).map(
    ([type, { count: times, reason, vendorCode }]) =>
      html`<h3>${type} <span class="dim">× ${count(times)}</span></h3>
        <p>${reason}${vendorCode === null ? null : html` <span class="dim">(${vendorCode})</span>`}</p>
        ${type === OTHER_ERRORS ? null : html`<pre>${command(['batch', 'redrive', batchId, '--error', type])}</pre>`}`,
  )}`;
}

export function slowTable({ slowest }: BatchSummary): Html {
  const rows = slowest.map(({ id, ms, pages, state, workflowId }) => [
    id,
    time(ms),
    count(pages),
    stateWord(state),
    html`<code>${workflowId ?? UNKNOWN}</code>`,
  ]);
  return tableOf(['document', '#time', '#pages', 'state', 'workflow'], rows);
}

export function failureTable(summary: BatchSummary, batchId: string, command: Command): Html {
  const { failures, states, documents } = summary;
  const total = documents - states.done;
  if (total === 0) return html`<p class="none">Every document is done.</p>`;
  const rows = failures.map((row) => [
    String(row.index),
    row.id,
    stateWord(row.state),
    row.error?.type ?? UNKNOWN,
    reasonOf(row),
    html`<code>${row.jobs.map(({ jobId }) => jobId ?? UNKNOWN).join(' ') || UNKNOWN}</code>`,
  ]);
  const rest =
    total > failures.length
      ? html`<p>The first ${count(MAX_FAILURES)} of ${count(total)}. All of them:</p>
          <pre>${command(['batch', 'rows', batchId, '--csv', '--only', 'unfinished'])}</pre>`
      : null;
  return html`${tableOf(['#row', 'document', 'state', 'error', 'reason', 'jobs'], rows)}${rest}`;
}

const reasonOf = ({ error }: BatchRow): string =>
  error === undefined ? UNKNOWN : [error.operation, error.reason].filter(Boolean).join(': ');
