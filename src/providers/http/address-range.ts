import { BlockList, isIP } from 'node:net';

/** Why an address is not one of the public internet's. */
export type AddressRange =
  | 'cloud metadata'
  | 'loopback'
  | 'private'
  | 'link-local'
  | 'shared (carrier-grade NAT)'
  | 'unspecified'
  | 'multicast'
  | 'reserved'
  | 'IPv4 in IPv6'
  | 'no address';

/**
 * What the IANA registries of special-purpose addresses do not hold for globally reachable, the first that fits counting. Metadata services
 * stand apart: two of them have addresses that look public or merely shared.
 */
const V4: [AddressRange, string[]][] = [
  [
    'cloud metadata',
    [
      ...['169.254.169.254/32', '169.254.170.2/32', '169.254.170.23/32'],
      ...['168.63.129.16/32', '100.100.100.200/32', '192.0.0.192/32'],
    ],
  ],
  ['unspecified', ['0.0.0.0/8']],
  ['loopback', ['127.0.0.0/8']],
  ['private', ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16']],
  ['link-local', ['169.254.0.0/16']],
  ['shared (carrier-grade NAT)', ['100.64.0.0/10']],
  ['multicast', ['224.0.0.0/4']],
  [
    'reserved',
    [
      ...['192.0.0.0/24', '192.0.2.0/24', '192.31.196.0/24', '192.52.193.0/24', '192.88.99.0/24', '192.175.48.0/24'],
      ...['198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '240.0.0.0/4'],
    ],
  ],
];

const V6: [AddressRange, string[]][] = [
  ['cloud metadata', ['fd00:ec2::/64', 'fd20:ce::254/128']],
  ['unspecified', ['::/128']],
  ['loopback', ['::1/128']],
  ['private', ['fc00::/7', 'fec0::/10']],
  ['link-local', ['fe80::/10']],
  ['multicast', ['ff00::/8']],
  // Compatible, translated, NAT64 of a network's own, Teredo, 6to4: nothing that is served today has one of these.
  ['IPv4 in IPv6', ['::/96', '::ffff:0:0:0/96', '64:ff9b:1::/48', '2001::/32', '2002::/16']],
  ['reserved', ['2001::/23', '2001:db8::/32', '2620:4f:8000::/48', '3fff::/20']],
];

/** Prefixes of 96 bits before an IPv4 address that is judged by itself: mapped, and the NAT64 by which an IPv6-only host sees the internet. */
const AROUND_V4 = ['::ffff:', '64:ff9b::'];
/** All that is given out in IPv6. */
const GLOBAL_V6 = blockList(['2000::/3', '::ffff:0:0/96', '64:ff9b::/96'], 'ipv6');

const LISTS_V4 = V4.map(([range, nets]) => [range, blockList(nets, 'ipv4')] as const);
const LISTS_V6 = [
  ...V6.map(([range, nets]) => [range, blockList(nets, 'ipv6')] as const),
  ...V4.map(([range, nets]) => [range, blockList(nets.flatMap(embedded), 'ipv6')] as const),
];

/** @returns null for an address of the public internet. */
export function specialRange(address: string): AddressRange | null {
  const [plain = ''] = address.split('%');
  switch (isIP(plain)) {
    case 4:
      return LISTS_V4.find(([, list]) => list.check(plain, 'ipv4'))?.[0] ?? null;
    case 6:
      return (
        LISTS_V6.find(([, list]) => list.check(plain, 'ipv6'))?.[0] ??
        (GLOBAL_V6.check(plain, 'ipv6') ? null : 'reserved')
      );
    default:
      return 'no address';
  }
}

function blockList(nets: string[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const net of nets) {
    const [base = '', bits] = net.split('/');
    list.addSubnet(base, Number(bits), family);
  }
  return list;
}

function embedded(net: string): string[] {
  const [base = '', bits] = net.split('/');
  return AROUND_V4.map((prefix) => `${prefix}${base}/${96 + Number(bits)}`);
}
