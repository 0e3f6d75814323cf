import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { PINNED } from '../../scripts/fidelity/python-environment.js';
import { KNOWN_DIFFERENCES } from '../../scripts/fidelity/requests/known-differences.js';
import { SDK_DIFFERENCES } from '../providers/reducto/sdk-differences.js';

const doc = await readFile('docs/fidelity.md', 'utf8');
const names = (await readdir('scripts/fidelity')).filter((name) => name.endsWith('_checks.py'));
const scripts = (await Promise.all(names.map((name) => readFile(`scripts/fidelity/${name}`, 'utf8')))).join('\n');
const matches = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, found]) => found!);

describe('docs/fidelity.md says what the scripts do:', () => {
  it('which clients', () => {
    for (const pin of PINNED) expect(doc).toContain(pin);
  });

  it('every endpoint that is checked', () => {
    const endpoints = new Set(matches(scripts, /@check\(\s*"([A-Z]+ \/[^"]*)"/g));
    expect(endpoints.size).toBeGreaterThan(15);
    for (const endpoint of endpoints) expect(doc).toContain(`\`${endpoint}`);
  });

  it('every open question that is noted, and no other', () => {
    const noted = new Set(matches(scripts, /note\(\s*f?"([RP]\d+) /g));
    expect(new Set(matches(doc, /^\| ([RP]\d+) \|/gm))).toEqual(noted);
  });

  it.each(KNOWN_DIFFERENCES)('$vendor $call $field differs from the Python client’s', ({ call, field, why }) => {
    expect(
      doc.split('\n').filter((row) => row.includes(call) && row.includes(`\`${field}\``) && row.includes(why)),
    ).toHaveLength(1);
  });

  it.each(SDK_DIFFERENCES)('$field differs from the npm client’s', ({ field, reason }) => {
    expect(doc.split('\n').filter((row) => row.includes(`\`${field}\``) && row.includes(reason))).toHaveLength(1);
  });
});
