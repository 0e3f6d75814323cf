import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { specialRange } from '../../../src/providers/http/address-range.js';
import { RUNS } from '../../support/properties.js';

describe('specialRange', () => {
  it.each([
    ...[
      '1.1.1.1',
      '8.8.8.8',
      '9.255.255.255',
      '11.0.0.0',
      '100.63.255.255',
      '100.128.0.0',
      '126.255.255.255',
      '128.0.0.0',
    ],
    ...[
      '169.253.255.255',
      '169.255.0.0',
      '172.15.255.255',
      '172.32.0.0',
      '192.167.255.255',
      '192.169.0.0',
      '198.17.0.1',
    ],
    ...['198.20.0.1', '223.255.255.255', '2606:4700::1111', '2a00:1450::1', '2600:1f18::5', '2001:4860:4860::8888'],
    ...['::ffff:8.8.8.8', '64:ff9b::8.8.8.8', '64:ff9b::808:808'],
  ])('%s is public', (address) => {
    expect(specialRange(address)).toBeNull();
  });

  it.each([
    ...[
      ['0.0.0.0', 'unspecified'],
      ['0.255.255.255', 'unspecified'],
      ['10.255.255.255', 'private'],
      ['127.255.255.255', 'loopback'],
      ['169.254.0.0', 'link-local'],
      ['169.254.169.253', 'link-local'],
      ['169.254.169.254', 'cloud metadata'],
      ['223.255.255.255.', 'no address'],
      ['224.0.0.0', 'multicast'],
      ['255.255.255.255', 'reserved'],
      ['192.88.99.1', 'reserved'],
      ['fe80::1%eth0', 'link-local'],
      ['fdff:ffff::1', 'private'],
      ['feff::1', 'private'],
      ['1fff::1', 'reserved'],
      ['4000::', 'reserved'],
      ['2001:1ff::1', 'reserved'],
      ['', 'no address'],
      ['h.example', 'no address'],
      ['127.1', 'no address'],
    ],
  ])('%j is not: %s', (address, range) => {
    expect(specialRange(address)).toBe(range);
  });

  it('says of an IPv4 address within IPv6, mapped or by NAT64, what it says of the address', () => {
    const part = fc.integer({ min: 0, max: 255 });
    const hex = (high: number, low: number): string => ((high << 8) | low).toString(16);
    fc.assert(
      fc.property(fc.tuple(part, part, part, part), ([a, b, c, d]) => {
        const dotted = `${a}.${b}.${c}.${d}`;
        const forms = [`::ffff:${dotted}`, `64:ff9b::${dotted}`, `0:0:0:0:0:FFFF:${hex(a, b)}:${hex(c, d)}`];
        expect(forms.map(specialRange)).toEqual(forms.map(() => specialRange(dotted)));
      }),
      RUNS,
    );
  });

  it('lets no IPv6 address through but those that are given out', () => {
    const group = fc.integer({ min: 0, max: 0xffff });
    fc.assert(
      fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
        const isPublic = specialRange(groups.map((one) => one.toString(16)).join(':')) === null;
        const isEmbedded = groups.slice(0, 5).every((one) => one === 0) || groups[0] === 0x64;
        if (isPublic && !isEmbedded) expect(groups[0]! >>> 13).toBe(1);
      }),
      RUNS,
    );
  });
});
