import { readFile } from 'node:fs/promises';
import { ok, problem, type Verdict } from './check.js';

/** What package.json asks for: `>=20.19`. */
export async function wantedNode(): Promise<string> {
  const text = await readFile(new URL('../../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { engines: { node: string } }).engines.node;
}

/**
 * @param version `20.20.2`.
 * @param wanted a range of the form `>=20.19`.
 */
export function nodeVerdict(version: string, wanted: string): Verdict {
  const least = wanted.replace(/^\D+/, '');
  return isLess(version, least)
    ? problem(`${version}, and ${least} or newer is needed`, 'install a newer one: https://nodejs.org')
    : ok(`${version} (${least} or newer is needed)`);
}

function isLess(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => text.split('.').map((part) => parseInt(part, 10)));
  for (const [at, wanted] of (b ?? []).entries()) {
    const part = a?.[at] ?? 0;
    if (part !== wanted) return part < wanted;
  }
  return false;
}
