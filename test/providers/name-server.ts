import type { LookupAddress } from 'node:dns';
import type { Resolve } from '../../src/providers/http/pinned-lookup.js';

/** A name server that gives each name the addresses of its list, one list after the other, the last one for ever. */
export function nameServer(names: Record<string, string[][]>): { resolve: Resolve; asked: string[] } {
  const asked: string[] = [];
  const resolve: Resolve = (hostname, _options, callback) => {
    const turn = asked.filter((one) => one === hostname).length;
    asked.push(hostname);
    const lists = names[hostname] ?? [];
    const addresses = lists[Math.min(turn, lists.length - 1)] ?? [];
    const found = addresses.map((address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 }));
    callback(null, found);
  };
  return { resolve, asked };
}
