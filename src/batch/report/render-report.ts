import type { BatchForecast } from '../../jobs/batch-forecast.js';
import type { RateCard } from '../forecast/rate-card.js';
import { durationChart, shareBar, timelineChart } from './charts.js';
import { count, time } from './compare.js';
import { Html, html } from './html.js';
import {
  type Command,
  costTable,
  errorTable,
  failureTable,
  forecastTable,
  slowTable,
  stateTable,
  stateWord,
} from './sections.js';
import { STYLE } from './style.js';
import { type BatchSummary, ROW_STATES } from './summary.js';

export interface ReportFacts {
  batchId: string;
  summary: BatchSummary;
  forecast: BatchForecast | null;
  rates: RateCard | null;
  /** What the batch does now, in words; null when Temporal has forgotten it. */
  stage: string | null;
  /** The sandbox did the work. */
  sandbox: boolean;
  /** A command line of `docjobs`, ready to be pasted. */
  command: Command;
  /** ISO. */
  writtenAt: string;
}

/** The whole report: one page without scripts, that loads nothing. */
export function renderReport(facts: ReportFacts): string {
  const { batchId, summary, forecast, rates, command } = facts;
  const { documents, states, reused, drives, firstStart, lastEnd, durations, lag, timeline, cost } = summary;
  const span = firstStart === null || lastEnd === null ? null : lastEnd - firstStart;
  const rate = span === null || span <= 0 ? null : Math.round(((documents - reused) * 600_000) / span) / 10;
  const parts = ROW_STATES.map((state) => ({ name: stateWord(state), className: `s-${state}`, value: states[state] }));
  const quantiles = (of: typeof durations): string =>
    [0.5, 0.9, 0.99].map((share) => `p${share * 100} ${time(of.quantile(share))}`).join(' · ');
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <title>Batch ${batchId}</title>
        <style>
          ${new Html(STYLE)}
        </style>
      </head>
      <body>
        <header>
          <h1>Batch ${batchId}</h1>
          <p class="dim">
            ${[stageText(facts), drives > 1 ? `${drives} drives` : '', spanText(summary), `report of ${facts.writtenAt}`].filter(Boolean).join(' · ')}
          </p>
          ${facts.sandbox ? html`<p><strong>All of this came from the sandbox, a local stand-in; no vendor was asked.</strong></p>` : null}
        </header>
        <main>
          <ul class="cards">
            ${card('documents', count(documents))}${card('done', count(states.done))}${card('not done', count(documents - states.done))}${card('reused', count(reused))}${card('pages', count(cost.total('pages')))}${card('credits', count(cost.total('credits')))}${card('time', time(span))}${card('documents a minute', count(rate))}
          </ul>
          <section>
            <h2>States</h2>
            ${shareBar('States', parts)}${stateTable(summary)}${
              documents === states.done
                ? null
                : html`<p>Everything that is not done, again:</p>
                    <pre>${command(['batch', 'redrive', batchId])}</pre>`
            }
          </section>
          ${
            forecast === null
              ? null
              : html`<section>
                  <h2>Forecast and actual</h2>
                  ${forecastTable(forecast, summary, rates)}
                </section>`
          }
          <section>
            <h2>Cost</h2>
            ${costTable(summary, rates)}
          </section>
          <section>
            <h2>Time</h2>
            ${timelineChart('Starts and ends', timeline)}
            <div class="two">
              <div>
                ${durationChart('From start to end of a document', durations)}
                <p class="dim">${quantiles(durations)}; documents that are done</p>
              </div>
              <div>
                ${durationChart('Of it: with no job at the vendor', lag)}
                <p class="dim">${quantiles(lag)}; start, upload, waiting between jobs, collecting the result</p>
              </div>
            </div>
          </section>
          <section>
            <h2>Errors</h2>
            ${errorTable(summary, batchId, command)}
          </section>
          <section>
            <h2>Slowest documents</h2>
            ${slowTable(summary)}
          </section>
          <section>
            <h2>Documents that are not done</h2>
            ${failureTable(summary, batchId, command)}
          </section>
        </main>
      </body>
    </html> `.text;
}

const card = (name: string, value: string): Html => html`<li>${name}<b>${value}</b></li>`;

const stageText = ({ stage }: ReportFacts): string => (stage === null ? '' : stateWord(stage));

function spanText({ firstStart, lastEnd }: BatchSummary): string {
  const text = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
  return firstStart === null || lastEnd === null ? '' : `${text(firstStart)} to ${text(lastEnd)}`;
}
