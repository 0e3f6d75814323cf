import { niceTop } from '../../src/batch/report/charts.js';
import { escapeHtml } from '../../src/batch/report/html.js';
import type { Series } from '../bench-result.js';
import { figure } from './table.js';

export interface Bar {
  label: string;
  value: number;
}

const WIDTH = 720;
const LEFT = 300;
const RIGHT = 70;
const TOP = 34;
const ROW = 26;
const PLOT = 190;
/** Readable on a white and on a dark page: an image knows nothing of the page around it but the reader's preference. */
const STYLE = `text{font:13px system-ui,sans-serif;fill:#24292f}.title{font-weight:600}.axis{font-size:12px;fill:#57606a}
.bar{fill:#2f6fb7}.line{fill:none;stroke:#2f6fb7;stroke-width:2}.grid{stroke:#8c959f;stroke-opacity:.35}
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.axis{fill:#9da7b3}.bar{fill:#5b9be0}.line{stroke:#5b9be0}}`;

/** Lying bars with their figures. */
export function barsSvg(title: string, unit: string, bars: readonly Bar[]): string {
  const most = Math.max(...bars.map(({ value }) => value), 0) || 1;
  const width = (value: number): number => round((value / most) * (WIDTH - LEFT - RIGHT));
  const drawn = bars.flatMap(({ label, value }, at) => {
    const y = TOP + at * ROW;
    const bar = { class: 'bar', x: LEFT, y: y + 3, width: width(value), height: ROW - 9, rx: 2 };
    return [
      words(label, { class: 'axis', x: LEFT - 8, y: y + 15, 'text-anchor': 'end' }),
      tag('rect', bar),
      words(figure(value), { x: LEFT + width(value) + 6, y: y + 15 }),
    ];
  });
  return svgOf(`${title}, ${unit}`, TOP + bars.length * ROW + 6, drawn);
}

/** One line over what has been done so far. */
export function lineSvg({ title, x, y, points }: Series): string {
  const [from, to] = [60, WIDTH - 20];
  const bottom = TOP + PLOT;
  const lastX = points.at(-1)?.[0] || 1;
  const top = niceTop(Math.max(...points.map(([, value]) => value)));
  const left = (value: number): number => round(from + (value / lastX) * (to - from));
  const height = (value: number): number => round(bottom - (value / top) * PLOT);
  const rules = [0, top / 2, top].flatMap((value) => [
    tag('line', { class: 'grid', x1: from, x2: to, y1: height(value), y2: height(value) }),
    words(figure(Math.round(value)), { class: 'axis', x: from - 6, y: height(value) + 4, 'text-anchor': 'end' }),
  ]);
  const ticks = ['start', 'middle', 'end'].map((anchor, at) => {
    const value = (lastX * at) / 2;
    return words(figure(Math.round(value)), { class: 'axis', x: left(value), y: bottom + 18, 'text-anchor': anchor });
  });
  const path = points.map(([px, py], at) => `${at === 0 ? 'M' : 'L'}${left(px)} ${height(py)}`).join('');
  return svgOf(`${title}: ${y} over ${x}`, bottom + 28, [...rules, tag('path', { class: 'line', d: path }), ...ticks]);
}

type Attributes = Record<string, string | number>;

function svgOf(title: string, height: number, content: readonly string[]): string {
  const size = { viewBox: `0 0 ${WIDTH} ${height}`, width: WIDTH, height, role: 'img' };
  const head = [
    tag('title', {}, escapeHtml(title)),
    tag('style', {}, STYLE),
    words(title, { class: 'title', x: 8, y: 20 }),
  ];
  const lines = ['', ...head, ...content, ''].join('\n');
  return `${tag('svg', { xmlns: 'http://www.w3.org/2000/svg', ...size }, lines)}\n`;
}

const words = (text: string, attributes: Attributes): string => tag('text', attributes, escapeHtml(text));

/** @param content markup. */
function tag(name: string, attributes: Attributes, content?: string): string {
  const listed = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeHtml(String(value))}"`);
  const open = `<${name}${listed.join('')}`;
  return content === undefined ? `${open}/>` : `${open}>${content}</${name}>`;
}

const round = (value: number): number => Math.round(value * 10) / 10;
