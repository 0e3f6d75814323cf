import fc from 'fast-check';
import { describe, it } from 'vitest';
import { isAllowedUrl } from '../../../src/providers/http/allowed-url.js';
import { expect, RUNS } from '../../support/properties.js';

const loopback = fc.constantFrom('localhost', '127.0.0.1', '127.9.8.7', '[::1]', 'LOCALHOST', '0x7f.1');
const remote = fc.constantFrom(
  ...['h.example', '10.0.0.1', '127.0.0.1.h.example', 'localhost.h.example', '[::2]', '128.0.0.1', 'xlocalhost'],
);
const host = fc.oneof(loopback, remote);
const port = fc.constantFrom('', ':80', ':8080');
const path = fc.constantFrom('', '/', '/a?b=c', '/x#http://localhost/');
const scheme = fc.constantFrom('http', 'https', 'HTTP', 'ftp', 'file', 'javascript', 'data', 'ws');
const url = fc
  .tuple(scheme, fc.constantFrom('', 'user@', 'localhost@', 'h.example:80@'), host, port, path)
  .map(([name, login, at, on, rest]) => `${name}://${login}${at}${on}${rest}`);
const base = fc.tuple(fc.constantFrom('http', 'https'), host, port).map(([name, at, on]) => `${name}://${at}${on}`);
const isLoopback = (name: string): boolean => /^(localhost|127\.|\[::1\])/.test(name) && !name.endsWith('.example');

describe('isAllowedUrl', () => {
  it('lets nothing go in the clear but what stays on the vendor’s own host, or on this machine with it', () => {
    fc.assert(
      fc.property(fc.oneof(url, fc.string()), base, (given, baseUrl) => {
        const isAllowed = isAllowedUrl(given, baseUrl);
        if (!isAllowed) return;
        const { protocol, hostname } = new URL(given);
        const own = new URL(baseUrl);
        if (protocol === 'https:') return;
        expect([protocol, own.protocol]).toEqual(['http:', 'http:']);
        expect(hostname === own.hostname || (isLoopback(hostname) && isLoopback(own.hostname))).toBe(true);
      }),
      RUNS,
    );
  });

  it('is decided by scheme and host alone, and lets every https URL go', () => {
    fc.assert(
      fc.property(url, base, port, path, (given, baseUrl, otherPort, otherPath) => {
        if (!URL.canParse(given)) return;
        const other = new URL(given);
        if (other.host === '') return;
        [other.port, other.pathname, other.search] = [otherPort.slice(1), otherPath, ''];
        expect(isAllowedUrl(other.href, `${baseUrl}/api`)).toBe(isAllowedUrl(given, baseUrl));
        if (other.protocol === 'https:') expect(isAllowedUrl(given, baseUrl)).toBe(true);
      }),
      RUNS,
    );
  });
});
