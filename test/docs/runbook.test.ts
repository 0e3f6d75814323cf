import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { createProgram } from '../../src/cli/program.js';
import { FAILURE_TYPES } from '../../src/jobs/failures.js';
import { failureSites, sitesOf } from './failure-messages.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const runbook = read('docs/runbook.md');

interface AlertFile {
  groups: { rules: { alert: string; annotations: { summary: string; runbook: string } }[] }[];
}
const alerts = (parse(read('operations/prometheus/alerts.yml')) as AlertFile).groups.flatMap(({ rules }) => rules);

/** The entries of a chapter, by heading, in order. */
function entries(chapter: string): Map<string, string> {
  const text = runbook.split(/^## /m).find((part) => part.startsWith(`${chapter}\n`)) ?? '';
  const parts = text.split(/^### /m).slice(1);
  return new Map(parts.map((part) => [part.slice(0, part.indexOf('\n')), part.slice(part.indexOf('\n'))]));
}

/** Verbs that tell a reader what to do. */
const IMPERATIVE =
  /(?:^|[\s("])(?:ask|attach|cancel|check|correct|delete|extract|look|mend|name|parse|raise|read|run|see|set|start|write)\s/i;

describe('failures', () => {
  const failures = entries('Failures');

  it('have an entry each, in the order of the source', () => {
    expect([...failures.keys()]).toEqual([...FAILURE_TYPES]);
  });

  it.each(FAILURE_TYPES)('%s: what it means, what was paid, what was done, what to type', (type) => {
    const entry = failures.get(type) ?? '';
    for (const part of ['Means', 'Paid', 'Done already', 'Type'])
      expect(entry).toMatch(new RegExp(`^${part}: .{8,}`, 'm'));
  });

  it.each(FAILURE_TYPES)('%s: the test that its entry names provokes it', (type) => {
    const [, path = ''] = /^Provoked in: \[.*\]\((.*)\)$/m.exec(failures.get(type) ?? '') ?? [];
    const file = resolve(root, 'docs', path);
    expect(file).toMatch(/\/test\/.*\.test\.ts$/);
    expect(readFileSync(file, 'utf8')).toContain(`'${type}'`);
  });

  const sites = failureSites(root);

  it.each(FAILURE_TYPES)('%s: wherever it is made, its message says what to do', (type) => {
    const own = sites.filter((site) => site.type === type && site.message.trim() !== '');
    expect(own.length).toBeGreaterThan(0);
    expect(
      own.filter(({ message }) => !IMPERATIVE.test(message)).map(({ where, message }) => [where, message]),
    ).toEqual([]);
  });

  it('a message without an imperative would be found out', () => {
    const source = `const WORDS = 'it is gone'; const f = (x: string) => documentFailure('DocumentJobLost', \`\${x}: \${WORDS}\`, {});`;
    const [site] = sitesOf('src/made-up.ts', source);
    expect(site?.message).toContain('it is gone');
    expect(IMPERATIVE.test(site?.message ?? '')).toBe(false);
  });
});

describe('alerts', () => {
  it('have an entry each, in the order of the file', () => {
    expect([...entries('Alerts').keys()]).toEqual(alerts.map(({ alert }) => alert));
  });

  it.each(alerts)('$alert leads to its entry, which says what to type', ({ alert, annotations }) => {
    expect(annotations.runbook).toBe(`docs/runbook.md#${alert.toLowerCase()}`);
    expect(annotations.summary.length).toBeGreaterThan(20);
    for (const part of ['Means', 'Paid', 'Done already', 'Type'])
      expect(entries('Alerts').get(alert)).toMatch(new RegExp(`^${part}: .{8,}`, 'm'));
  });
});

describe('what is to be typed', () => {
  const commands = ['docs/runbook.md', 'docs/operations.md'].flatMap((path) =>
    [...read(path).matchAll(/(?:`|^)docjobs ([^`\n#]+)/gm)].map(([, words = '']) => words.trim()),
  );

  it('is there at all', () => expect(commands.length).toBeGreaterThan(40));

  it.each([...new Set(commands)])('docjobs %s', (line) => {
    const words = line.split(/\s+/);
    let command: Command = createProgram();
    for (;;) {
      const next = command.commands.find((one) => one.name() === words[0]);
      if (next === undefined) break;
      words.shift();
      command = next;
    }
    expect(command.parent).not.toBeNull();
    const known = command.options.map(({ long }) => long);
    for (const word of words.filter((one) => one.startsWith('--'))) expect([...known, '--help']).toContain(word);
  });

  it('and what is linked exists', () => {
    const headings = new Set([...runbook.matchAll(/^#+ (.*)$/gm)].map(([, text = '']) => text.toLowerCase()));
    for (const path of ['docs/runbook.md', 'docs/operations.md'])
      for (const [, target = '', anchor] of read(path).matchAll(/\]\(([^)#]*)(?:#([^)]*))?\)/g)) {
        if (target !== '') expect(existsSync(resolve(root, 'docs', target)), target).toBe(true);
        else if (path === 'docs/runbook.md') expect(headings).toContain(anchor);
      }
  });
});
