import { describe, expect, it } from 'vitest';
import { PINNED_RELEASES, wheelFor } from '../../src/local/temporal-wheels.js';

const kinds = ['cli', 'test-server'] as const;

describe('wheelFor', () => {
  it.each([
    ['linux', 'x64', '3cca23d0d2ca', '712217694cac', '4a64793d7b9f', '19defb9f7318'],
    ['linux', 'arm64', '75849182c7ca', '667e9403cb2f', 'dcc1a6de6e8b', 'a968eca11748'],
    ['darwin', 'x64', '29fddab1b748', 'd5776986d343', '15f95264709f', '0aa60a4278bc'],
    ['darwin', 'arm64', '1ce8d2751c2d', '33c298d41f6e', '3faef27631fd', '3a9cd757fc11'],
  ])('pins wheel and binary of both servers on %s-%s', (platform, arch, ...starts) => {
    const pinned = kinds.flatMap((kind) => {
      const wheel = wheelFor(kind, platform, arch);
      expect(wheel).toMatchObject(PINNED_RELEASES[kind]);
      return [wheel?.wheelSha256, wheel?.binarySha256];
    });
    expect(pinned.map((hash) => hash?.slice(0, 12))).toEqual(starts);
    for (const hash of pinned) expect(hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('knows no wheel for other platforms', () => {
    expect(wheelFor('cli', 'win32', 'x64')).toBeNull();
    expect(wheelFor('test-server', 'linux', 'ia32')).toBeNull();
  });
});
