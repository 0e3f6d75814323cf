import { ABOUT, type About } from './about.js';
import { type Kept, keptName } from './kept.js';
import { barsSvg, lineSvg } from './svg.js';
import { cellText, markdownTable } from './table.js';

export interface Page {
  markdown: string;
  /** Files of docs/images. */
  images: Map<string, string>;
}

const HEAD = `# Benchmarks

Made by \`npm run bench -- report\` from [the figures](../bench/figures) of single runs; not edited by hand. \`npm run bench -- NAME --keep\` replaces those of one bench.

All processes of a bench share one machine: ratios within a run say more than its absolute figures, which vary by 20 % and more. *Broken* names each promise of the
bench that a run did not keep.
`;

/** docs/benchmarks.md and its pictures. */
export function benchmarksPage(kept: readonly Kept[]): Page {
  const images = new Map<string, string>();
  const sections = Object.entries(ABOUT).flatMap(([name, about]) => {
    const runs = kept.filter((run) => run.name === name);
    if (runs.length === 0) return [];
    return [`## ${about.title}`, about.text, ...runs.flatMap((run) => runText(run, about, images))];
  });
  const unknown = kept.find(({ name }) => ABOUT[name] === undefined);
  if (unknown !== undefined) throw new Error(`bench/report/about.ts says nothing about ${unknown.name}`);
  return { markdown: `${[HEAD.trimEnd(), ...sections].join('\n\n')}\n`, images };
}

function runText(run: Kept, about: About, images: Map<string, string>): string[] {
  const command = ['npm run bench --', run.name, ...run.options].join(' ');
  const seed = run.seed === undefined ? '' : `; seed ${run.seed}`;
  const pictures = picturesOf(run, about);
  for (const { file, svg } of pictures) images.set(file, svg);
  return [
    `\`${command}\` · ${run.date.slice(0, 10)} · ${cellText(run.machine)}${seed}`,
    ...pictures.map(({ file, title }) => `![${title}](images/${file})`),
    markdownTable(run.rows),
    ...(run.notes.length > 0 ? [run.notes.map((note) => `- ${cellText(note)}`).join('\n')] : []),
    ...run.broken.map((promise) => `*Broken*: ${cellText(promise)}`),
  ];
}

function picturesOf(run: Kept, { chart }: About): { file: string; title: string; svg: string }[] {
  const base = `bench-${keptName(run.name, run.options).replace(/\.json$/, '')}`;
  const lines = (run.series ?? []).map((series, at) => ({
    file: `${base}-${at + 1}.svg`,
    title: series.title,
    svg: lineSvg(series),
  }));
  const bars = chart?.bars(run.rows) ?? [];
  if (chart === undefined || bars.length < 2) return lines;
  return [{ file: `${base}.svg`, title: chart.title, svg: barsSvg(chart.title, chart.unit, bars) }, ...lines];
}
