import { describe, expect, it } from 'vitest';
import { isAllowed } from '../../scripts/release/licence-verdict.js';
import { type Lock, productionPackages } from '../../scripts/release/production-packages.js';
import { problemsOfRelease, type Release } from '../../scripts/release/release-problems.js';

describe('a licence', () => {
  it.each([
    ['MIT', true],
    ['Apache-2.0 AND MIT', true],
    ['(MIT OR GPL-3.0-only)', true],
    ['GPL-3.0-only OR MIT', true],
    ['MIT AND GPL-3.0-only', false],
    ['MIT AND (GPL-3.0-only OR AGPL-3.0-only)', false],
    ['MIT AND (GPL-3.0-only OR ISC)', true],
    ['MIT OR GPL-3.0-only AND SSPL-1.0', true],
    ['GPL-3.0-only', false],
    ['SEE LICENSE IN LICENSE.txt', false],
    ['MIT MIT', false],
    ['(MIT', false],
    ['', false],
    [undefined, false],
  ])('%s: %s', (expression, allowed) => {
    expect(isAllowed(expression, 'any')).toBe(allowed);
  });

  it('for data is not one for code', () => {
    expect([isAllowed('CC-BY-4.0', 'caniuse-lite'), isAllowed('CC-BY-4.0', 'any')]).toEqual([true, false]);
  });
});

describe('what a user gets with the package', () => {
  const lock: Lock = {
    '': {
      dependencies: { a: '1' },
      peerDependencies: { peer: '1', s3: '1' },
      peerDependenciesMeta: { s3: { optional: true } },
    },
    'node_modules/a': { dependencies: { b: '2' }, optionalDependencies: { elsewhere: '1' } },
    'node_modules/b': {},
    'node_modules/a/node_modules/b': { dependencies: { c: '1' } },
    'node_modules/c': { dependencies: { a: '1' } },
    'node_modules/peer': {},
    'node_modules/s3': {},
    'node_modules/tool': {},
  };

  it('is found as Node finds it: nested first, circles once, peers too, neither tools nor optional peers', () => {
    expect(productionPackages(lock)).toEqual([
      'node_modules/a',
      'node_modules/a/node_modules/b',
      'node_modules/c',
      'node_modules/peer',
    ]);
  });

  it('is not known of a lock that lacks something', () => {
    const { 'node_modules/c': _c, ...rest } = lock;
    expect(() => productionPackages(rest)).toThrow('no c for node_modules/a/node_modules/b');
  });
});

describe('a release', () => {
  const ready: Release = {
    version: '1.2.0',
    tag: 'v1.2.0',
    changelog: '# Changelog\n\n## [Unreleased]\n\n## [1.2.0] - 2030-01-31\n\n### Added\n\n- This.\n',
    histories: ['pulse-happy'],
    scenarios: ['pulse-happy'],
  };

  it('may be made when all is there', () => {
    expect(problemsOfRelease(ready)).toEqual([]);
  });

  it.each<[string, Partial<Release>, string]>([
    ['another tag', { tag: 'v1.2.1' }, 'the tag is v1.2.1'],
    ['no section', { changelog: '## [1.1.0] - 2029-01-31\n\n- That.\n' }, 'no section [1.2.0]'],
    ['no date', { changelog: '## [1.2.0]\n\n- This.\n' }, 'needs its date'],
    ['an empty section', { changelog: '## [1.2.0] - 2030-01-31\n' }, 'says nothing'],
    [
      'changes left over',
      { changelog: `${ready.changelog.replace('[Unreleased]\n', '[Unreleased]\n\n- More.\n')}` },
      '[Unreleased]',
    ],
    ['a history missing', { histories: [] }, 'lacks pulse-happy'],
  ])('may not with %s', (_what, over, problem) => {
    expect(problemsOfRelease({ ...ready, ...over })).toEqual([expect.stringContaining(problem)]);
  });
});
