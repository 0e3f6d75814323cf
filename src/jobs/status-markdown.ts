import type { JobStatusLine } from './types.js';

/** A table for Temporal's UI: one row a job. Markdown. */
export function statusMarkdown(lines: JobStatusLine[]): string {
  const rows = lines.map((line) =>
    [
      line.section === undefined ? line.operation : `${line.operation} (${cell(line.section)})`,
      line.jobId ?? '–',
      line.outcome ?? line.stage,
      line.vendorStatus ?? '–',
      line.nextReadAt ?? '–',
    ].join(' | '),
  );
  return ['job | id | stage | vendor says | next read', '--- | --- | --- | --- | ---', ...rows].join('\n');
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
