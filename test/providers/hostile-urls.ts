import type { AddressRange } from '../../src/providers/http/address-range.js';

/** In every hostile URL's query; no error may show it. */
export const SIGNATURE = 'X-Amz-Signature=5ecre7';

/** Hosts that are not the public internet's, in all spellings that lead there. */
const HOSTS: Record<Exclude<AddressRange, 'no address'>, string[]> = {
  loopback: [
    ...['127.0.0.1', '127.0.0.1.', '127.1', '127.0.1', '127.255.255.254', '2130706433', '0x7f000001', '0x7f.0.0.1'],
    ...['0177.0.0.1', '017700000001', '0x7f.1', '%31%32%37.0.0.1', '①②⑦.⓪.⓪.①', '127。0。0。1'],
    ...['localhost', 'LOCALHOST', 'localhost.', 'files.localhost', 'localhost.localdomain', 'loc%61lhost'],
    ...['[::1]', '[0:0:0:0:0:0:0:1]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[64:ff9b::127.0.0.1]'],
  ],
  'cloud metadata': [
    ...['169.254.169.254', '2852039166', '0xa9fea9fe', '0251.0376.0251.0376', '169.254.43518', '169.254.170.2'],
    ...['100.100.100.200', '168.63.129.16', '192.0.0.192', '[fd00:ec2::254]', '[fd20:ce::254]'],
    ...['[::ffff:169.254.169.254]', '[::ffff:a9fe:a9fe]', '[64:ff9b::a9fe:a9fe]'],
    ...['metadata.google.internal', 'metadata.google.internal.', 'metadata', 'metadata.goog', 'instance-data'],
  ],
  private: [
    ...['10.0.0.1', '10.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', '0xc0a80101', '3232235777', '0300.0250.1'],
    ...['[fc00::1]', '[fd12:3456::1]', '[fec0::1]', '[::ffff:10.0.0.1]', '[64:ff9b::192.168.0.1]'],
    ...['intranet.corp', 'printer.local', 'db.internal', 'nas.home.arpa', 'api.default.svc', 'a.svc.cluster.local'],
  ],
  'link-local': ['169.254.1.1', '[fe80::1]', '[febf::1]', '[fe80::a9fe:a9fe]', '[::ffff:169.254.0.1]'],
  'shared (carrier-grade NAT)': ['100.64.0.1', '100.127.255.254', '[::ffff:100.64.0.1]'],
  unspecified: ['0.0.0.0', '0', '0x0', '0.0.0.1', '[::]', '[::ffff:0.0.0.0]'],
  multicast: ['224.0.0.1', '239.255.255.250', '[ff02::1]'],
  reserved: [
    ...['240.0.0.1', '255.255.255.255', '4294967295', '192.0.0.1', '192.0.2.1', '198.18.0.1', '198.51.100.7'],
    ...['203.0.113.7', '[2001:db8::1]', '[100::1]', '[4000::1]', '[3fff::1]', '[64:ff9b::198.51.100.7]'],
  ],
  'IPv4 in IPv6': [
    '[::127.0.0.1]',
    '[::7f00:1]',
    '[2002:7f00:1::]',
    '[2001::7f00:1]',
    '[64:ff9b:1::7f00:1]',
    '[::ffff:0:127.0.0.1]',
  ],
};

/** Each with what is said of it, in both directions. */
export const NOT_PUBLIC: [url: string, range: string][] = Object.entries(HOSTS).flatMap(([range, hosts]) =>
  hosts.map((host): [string, string] => [`https://${host}/r?${SIGNATURE}`, range]),
);

/** A public name before or behind the true host. */
export const WITH_LOGIN = [
  ...['user:pw@bucket.example', 'user@bucket.example', ':pw@bucket.example', 'bucket.example@169.254.169.254'],
  ...['bucket.example:443@127.0.0.1', 'bucket.example%2f@127.0.0.1', 'bucket.example%23@10.0.0.1', 'a@b@127.0.0.1'],
].map((authority) => `https://${authority}/r?${SIGNATURE}`);

/** Not one of these leads anywhere by https. */
export const OTHER_SCHEMES = [
  ...['ftp://bucket.example/r', 'file:///etc/passwd', 'file://bucket.example/r', 'gopher://127.0.0.1:6379/_INFO'],
  ...['dict://127.0.0.1:11211/stat', 'ldap://127.0.0.1/x', 'data:application/json,{}', 'javascript:alert(1)'],
  ...['ws://bucket.example/r', 'wss://bucket.example/r', 'jar:https://bucket.example/r!/x', 'about:blank'],
  ...['blob:https://platform.reducto.ai/r', 'view-source:https://bucket.example/r', 'unix:/var/run/docker.sock'],
].map((url) => `${url}?${SIGNATURE}`);

export const NO_URLS = [
  '',
  'not a URL',
  '/etc/passwd',
  '//169.254.169.254/r',
  'https://',
  'https://[::1',
  'https://1.2.3.4.5',
];
