import { describe, expect, it } from 'vitest';
import { makeCanaries, scan } from '../support/canaries.js';

const canaries = { ...makeCanaries(['plain', 'other'], 'x'), awkward: 'Grüße "an" alle/Käufer?' };
const { plain, awkward } = canaries;

describe('scan', () => {
  it.each<[string, string | Uint8Array]>([
    ['text', `before ${plain} after`],
    ['UTF-16', Buffer.from(`<${plain}>`, 'utf16le')],
    ['UTF-16, the other way round', Buffer.from(`<${plain}>`, 'utf16le').swap16()],
    ['base64', Buffer.from(plain).toString('base64')],
    ['base64 within a text', Buffer.from(`a${plain}b`).toString('base64')],
    ['base64 within another text', Buffer.from(`ab${plain}`).toString('base64')],
    ['hex', Buffer.from(plain).toString('hex')],
    ['JSON', JSON.stringify({ plain })],
  ])('finds a word in %s', (_what, content) => {
    const found = scan('here', content, canaries);
    expect(found.map(({ canary, where }) => [canary, where])).toContainEqual(['plain', 'here']);
    expect(found.map(({ canary }) => canary)).not.toContain('other');
  });

  it.each([
    ['JSON', JSON.stringify({ awkward })],
    ['JSON within JSON', JSON.stringify({ body: JSON.stringify({ awkward }) })],
    ['a query', `https://h/x?a=${encodeURIComponent(awkward)}`],
    ['base64url', Buffer.from(`{"a":"${awkward}"}`).toString('base64url')],
    ['escaped characters', 'Gr\\u00fc\\u00dfe \\u0022an\\u0022 alle/K\\u00e4ufer?'],
  ])('finds a word that is written another way in %s', (_what, content) => {
    expect(scan('here', content, canaries).map(({ canary }) => canary)).toEqual(['awkward']);
  });

  it('finds nothing where there is nothing', () => {
    expect(scan('here', `${plain.slice(1)} ${plain.slice(0, -1)}`, canaries)).toEqual([]);
  });
});
