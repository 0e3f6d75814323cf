import { formatDuration } from '../../jobs/duration.js';
import { html, type Html } from './html.js';
import type { Histogram } from './histogram.js';
import type { Timeline } from './timeline.js';

const WIDTH = 720;
const HEIGHT = 200;
const LEFT = 56;
const BOTTOM = 32;
const TOP = 12;

export interface Bar {
  label: string;
  value: number;
}

/** Upright bars with their figures. What a picture shows stands in a table below it, too, for whoever can't see it. */
export function barChart({ title, unit, bars }: { title: string; unit: string; bars: readonly Bar[] }): Html {
  if (bars.length === 0) return empty(title);
  const top = niceTop(Math.max(...bars.map(({ value }) => value)));
  const slot = (WIDTH - LEFT) / bars.length;
  const y = scale(top);
  const drawn = bars.map(({ label, value }, at) => {
    const x = LEFT + at * slot;
    const shown =
      value === 0
        ? ''
        : html`<text class="figure" x="${round(x + slot / 2)}" y="${round(y(value) - 3)}">${figure(value)}</text>`;
    return html`<g
      ><title>${label}: ${figure(value)} ${unit}</title
      ><rect
        class="bar"
        x="${round(x + slot * 0.08)}"
        y="${round(y(value))}"
        width="${round(slot * 0.84)}"
        height="${round(y(0) - y(value))}"
        rx="2"
      />${shown}<text class="tick" x="${round(x + slot / 2)}" y="${HEIGHT - BOTTOM + 15}">${label}</text></g
    >`;
  });
  const rows = bars.map(({ label, value }) => [label, figure(value)]);
  return figureOf(title, html`${grid(top)}${drawn}`, [['', unit], ...rows]);
}

/** A histogram of times. */
export const durationChart = (title: string, histogram: Histogram): Html =>
  barChart({
    title,
    unit: 'documents',
    bars: histogram.bins().map(({ to, count }) => ({ label: `< ${shortTime(to)}`, value: count })),
  });

/** Starts and ends as steps, per minute. */
export function timelineChart(title: string, timeline: Timeline): Html {
  const bins = timeline.bins();
  const width = timeline.width();
  if (bins.length === 0) return empty(title);
  const rate = (count: number): number => (count * 60_000) / width;
  const top = niceTop(Math.max(...bins.map(({ starts, ends }) => rate(Math.max(starts, ends)))));
  const slot = (WIDTH - LEFT) / bins.length;
  const y = scale(top);
  const path = (of: 'starts' | 'ends'): string =>
    bins
      .map((bin, at) => `${at === 0 ? 'M' : 'L'}${round(LEFT + at * slot)} ${round(y(rate(bin[of])))}h${round(slot)}`)
      .join('');
  const marks = [0, Math.floor(bins.length / 2), bins.length - 1].filter((at, index, all) => all.indexOf(at) === index);
  const ticks = marks.map(
    (at) =>
      html`<text
        class="tick${at === 0 ? ' first' : at === bins.length - 1 ? ' last' : ''}"
        x="${round(LEFT + (at === bins.length - 1 ? (at + 1) * slot : at * slot))}"
        y="${HEIGHT - BOTTOM + 15}"
        >${clock(bins[at]?.at ?? 0)}</text
      >`,
  );
  const svg = html`${grid(top)}<path class="line starts" d="${path('starts')}" /><path
      class="line ends"
      d="${path('ends')}"
    />${ticks}`;
  const rows = bins.map((bin) => [clock(bin.at), figure(rate(bin.starts)), figure(rate(bin.ends))]);
  const legend = html`<p class="legend">
    <span class="key starts"></span>starts <span class="key ends"></span>ends; documents a minute, UTC
  </p>`;
  return html`${figureOf(title, svg, [['from', 'starts a minute', 'ends a minute'], ...rows])}${legend}`;
}

/** One bar of parts, each as wide as its share. */
export function shareBar(title: string, parts: readonly { name: string; className: string; value: number }[]): Html {
  const total = parts.reduce((sum, { value }) => sum + value, 0);
  if (total === 0) return empty(title);
  let x = 0;
  const drawn = parts.map(({ name, className, value }) => {
    const width = (value / total) * WIDTH;
    const part = html`<rect class="${className}" x="${round(x)}" y="0" width="${round(width)}" height="28"
      ><title>${name}: ${figure(value)}</title></rect
    >`;
    x += width;
    return value === 0 ? null : part;
  });
  const words = parts.map(({ name, value }) => `${name} ${figure(value)}`).join(', ');
  return html`<svg
    class="share"
    viewBox="0 0 ${WIDTH} 28"
    role="img"
    aria-label="${title}: ${words}"
    preserveAspectRatio="none"
  >
    ${drawn}
  </svg>`;
}

function figureOf(title: string, content: Html, [head = [], ...rows]: string[][]): Html {
  return html`<figure>
    <figcaption>${title}</figcaption>
    <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}">${content}</svg>
    <details>
      <summary>as a table</summary>
      <table>
        <thead>
          <tr>
            ${head.map((cell) => html`<th scope="col">${cell}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (row) =>
              html`<tr>
                ${row.map((cell) => html`<td>${cell}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </details>
  </figure>`;
}

const empty = (title: string): Html =>
  html`<figure>
    <figcaption>${title}</figcaption>
    <p class="none">nothing to show</p>
  </figure>`;

function grid(top: number): Html {
  const y = scale(top);
  return html`${[0, top / 2, top].map((value) => html`<line class="grid" x1="${LEFT}" x2="${WIDTH}" y1="${round(y(value))}" y2="${round(y(value))}" /><text class="axis" x="${LEFT - 6}" y="${round(y(value) + 4)}">${figure(value)}</text>`)}`;
}

const scale =
  (top: number) =>
  (value: number): number =>
    HEIGHT - BOTTOM - (value / top) * (HEIGHT - BOTTOM - TOP);

/** The next of 1, 2, 5, 10, … that is not below. */
export function niceTop(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5, 10].find((digit) => digit * power >= value) ?? 10) * power;
}

const round = (value: number): number => Math.round(value * 10) / 10;
export const figure = (value: number): string =>
  (value < 10 ? Math.round(value * 10) / 10 : Math.round(value)).toLocaleString('en-US');
const clock = (ms: number): string => new Date(ms).toISOString().slice(11, 19);
/** `< 2s`: edges are round. */
const shortTime = (ms: number): string => (ms < 1_000 ? `${ms}ms` : formatDuration(ms).replace(/\.0s$/, 's'));
