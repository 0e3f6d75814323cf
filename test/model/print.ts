import type { Broken } from './campaign.js';

const MOST_TITLE = 100;

/** A test to paste into `replay.test.ts`. */
export function asTest({ schedule, violations }: Broken): string {
  const [first = ''] = violations;
  const title = first.replaceAll(/['\\\n]/g, ' ').slice(0, MOST_TITLE);
  const comments = violations.map((one) => `  // ${one.replaceAll('\n', ' ')}`);
  return [`it('${title}', async () => {`, ...comments, `  await replay(${source(schedule, '  ')});`, '});'].join('\n');
}

/** As a person would write it: no quotes around names, short things on one line. */
function source(value: unknown, indent: string): string {
  const flat = inline(value);
  if (flat.length <= 100 - indent.length || typeof value !== 'object' || value === null) return flat;
  const deeper = `${indent}  `;
  const isList = Array.isArray(value);
  const lines = isList
    ? value.map((one) => source(one, deeper))
    : Object.entries(value).map(([name, one]) => `${name}: ${source(one, deeper)}`);
  return `${isList ? '[' : '{'}\n${lines.map((line) => `${deeper}${line},\n`).join('')}${indent}${isList ? ']' : '}'}`;
}

function inline(value: unknown): string {
  if (typeof value === 'string') return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const fields = Object.entries(value).map(([name, one]) => `${name}: ${inline(one)}`);
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}
