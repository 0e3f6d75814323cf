import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Words that stand nowhere else, by what they stand for: whoever finds one knows what leaked. */
export type Canaries = Readonly<Record<string, string>>;

/** One canary in one form at one place. */
export interface Finding {
  canary: string;
  form: string;
  where: string;
}

/** A word of its own for each name, long enough to be known again in base64. */
export function makeCanaries<const N extends string>(names: readonly N[], mark: string): Record<N, string> {
  const entries = names.map((name, index) => [
    name,
    `Zq${mark}${String.fromCharCode(65 + index)}vexjumblywhortleberry`,
  ]);
  return Object.fromEntries(entries) as Record<N, string>;
}

/** How a word may stand in bytes without any compression or encryption. */
export function formsOf(word: string): [form: string, bytes: Buffer][] {
  const utf8 = Buffer.from(word, 'utf8');
  const utf16 = Buffer.from(word, 'utf16le');
  const unicodeEscaped = word.replace(
    /[^\x20-\x7e]|"/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  const forms: [string, Buffer][] = [
    ['utf8', utf8],
    ['utf16le', utf16],
    ['utf16be', Buffer.from(utf16).swap16()],
    ['latin1', Buffer.from(word, 'latin1')],
    ['json', Buffer.from(JSON.stringify(word).slice(1, -1))],
    ['json in json', Buffer.from(JSON.stringify(JSON.stringify(word).slice(1, -1)).slice(1, -1))],
    ['json, escaped', Buffer.from(unicodeEscaped)],
    ['url', Buffer.from(encodeURIComponent(word))],
    ['hex', Buffer.from(utf8.toString('hex'))],
    ['HEX', Buffer.from(utf8.toString('hex').toUpperCase())],
    ['reversed', Buffer.from([...word].reverse().join(''))],
    ...[0, 1, 2].flatMap((offset): [string, Buffer][] => [
      [`base64+${offset}`, Buffer.from(base64Core(utf8, offset, 'base64'))],
      [`base64url+${offset}`, Buffer.from(base64Core(utf8, offset, 'base64url'))],
    ]),
  ];
  const seen = new Set<string>();
  return forms.filter(([, bytes]) => !seen.has(bytes.toString('latin1')) && seen.add(bytes.toString('latin1')));
}

/** The characters that depend on the word alone, whatever stands before and behind it. */
function base64Core(word: Buffer, offset: number, encoding: 'base64' | 'base64url'): string {
  const shifted = Buffer.concat([Buffer.alloc(offset), word]);
  const whole = Math.floor((shifted.length * 8) / 6);
  return shifted.toString(encoding).slice(Math.ceil((offset * 8) / 6), whole);
}

/** Every canary in every form. @returns what was found, each once. */
export function scan(where: string, content: Uint8Array | string, canaries: Canaries): Finding[] {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : Buffer.from(content);
  return Object.entries(canaries).flatMap(([canary, word]) =>
    formsOf(word)
      .filter(([, form]) => bytes.includes(form))
      .map(([form]) => ({ canary, form, where })),
  );
}

/** All files below a folder, their names as well. */
export async function scanFolder(folder: string, canaries: Canaries): Promise<Finding[]> {
  const names = await readdir(folder, { recursive: true });
  const findings = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      const inName = scan(`name ${name}`, name, canaries);
      return (await stat(path)).isFile() ? [...inName, ...scan(name, await readFile(path), canaries)] : inName;
    }),
  );
  return findings.flat();
}

/** Which canaries were found, in whatever form. */
export const found = (findings: readonly Finding[]): string[] =>
  [...new Set(findings.map(({ canary }) => canary))].sort();
