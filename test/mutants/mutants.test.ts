import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseArguments } from '../../scripts/mutants/arguments.js';
import { type Mutant, mutate } from '../../scripts/mutants/mutant.js';
import { MUTANTS } from '../../scripts/mutants/mutants.js';
import { endOf } from '../../scripts/mutants/run-tests.js';
import { tableOf } from '../../scripts/mutants/table.js';

const sample: Mutant = {
  name: 'sample',
  guarantee: 'G1',
  removes: 'does a | b',
  file: 'src/a.ts',
  find: 'keep();',
  replace: "lose('$&');",
  tests: ['test/a.test.ts'],
};

describe('the mutants', () => {
  it.each(MUTANTS)('$name is not stale', (mutant) => {
    const source = readFileSync(mutant.file, 'utf8');
    expect(mutate(mutant, source)).not.toBe(source);
    expect(mutant.tests.length).toBeGreaterThan(0);
    for (const test of mutant.tests) expect(readFileSync(test, 'utf8')).not.toContain('dist/cli');
  });

  it('have names of their own, and guard what can be broken', () => {
    const names = MUTANTS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(expect.arrayContaining(['adoption', 'submit-shield', 'copy-before-done', 'repair-once']));
  });
});

describe('mutate', () => {
  it('replaces its text, taken literally', () => {
    expect(mutate(sample, 'a(); keep(); b();')).toBe("a(); lose('$&'); b();");
  });

  it.each([
    [
      'is not there',
      {},
      'a();',
      /mutant sample is stale: src\/a.ts holds its text 0 times instead of once: "keep\(\);"/,
    ],
    ['is there twice', {}, 'keep(); keep();', /holds its text 2 times/],
    ['is replaced by itself', { replace: 'keep();' }, 'keep();', /it changes nothing/],
    ['is empty', { find: '' }, 'keep();', /it changes nothing/],
  ])('refuses a text that %s', (_what, over, source, message) => {
    expect(() => mutate({ ...sample, ...over }, source)).toThrow(message);
  });
});

describe('the arguments', () => {
  it('choose mutants by name, all by default', () => {
    const other = { ...sample, name: 'other' };
    expect(parseArguments([], [sample, other])).toEqual({ list: false, chosen: [sample, other] });
    expect(parseArguments(['--only', 'other'], [sample, other]).chosen).toEqual([other]);
    expect(parseArguments(['--list'], [sample]).list).toBe(true);
  });

  it.each([
    [['--only', 'nobody'], /--only: there is no mutant "nobody"; --list names them/],
    [['--only'], /--only/],
    [['--fast'], /--fast/],
    [['sample'], /sample/],
  ])('%j are refused in words', (argv, message) => {
    expect(() => parseArguments(argv, [sample])).toThrow(message);
  });
});

describe('a run of tests', () => {
  const result = (status: string, ...tests: string[]) => ({
    name: '/tmp/x/test/a.test.ts',
    status,
    message: 'no such export',
    assertionResults: tests.map((one) => ({ status: one, fullName: `it ${one}` })),
  });

  it.each([
    [0, [result('passed', 'passed')], { end: 'passed' }],
    [1, [result('failed', 'passed', 'failed')], { end: 'failed', test: 'test/a.test.ts: it failed' }],
    // A mutant whose file can't even be loaded was caught by no test.
    [1, [result('failed')], { end: 'broken', reason: 'test/a.test.ts did not run: no such export' }],
    [1, [result('passed', 'passed')], { end: 'broken', reason: 'exit code 1 with 1 tests: words' }],
    [0, [], { end: 'broken', reason: 'exit code 0 with 0 tests: words' }],
  ])('with exit code %d and %j is told apart', (code, testResults, end) => {
    expect(endOf(code, { testResults }, 'words', '/tmp/x')).toEqual(end);
  });

  it('without a report is broken', () => {
    expect(endOf(1, null, 'words', '/tmp/x')).toMatchObject({ end: 'broken' });
  });
});

it('the table is Markdown', () => {
  const verdicts = [{ mutant: sample, verdict: 'survived', by: 'none', seconds: 1 } as const];
  expect(tableOf(verdicts).split('\n')).toEqual([
    '| guarantee | mutant | the code no longer… | verdict | first failing test |',
    '| --- | --- | --- | --- | --- |',
    '| G1 | sample | does a \\| b | **survived** | none |',
  ]);
});
