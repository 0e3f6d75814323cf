/** What a vendor's HTTP calls are for. */
const VENDOR_CALLS: readonly [kind: string, method: string, path: RegExp][] = [
  ['submit', 'POST', /^\/reducto\/\w+_async$/],
  ['get', 'GET', /^\/reducto\/job\//],
  ['list', 'GET', /^\/reducto\/jobs/],
  ['cancel', 'POST', /^\/reducto\/cancel\//],
  ['submit', 'POST', /^\/pulse\/(extract|split|schema)$/],
  ['get', 'GET', /^\/pulse\/job\//],
  ['cancel', 'DELETE', /^\/pulse\/job\//],
  ['fetch', 'GET', /^\/pulse\/large_results\//],
];

export function vendorKind(method: string, path: string): string | null {
  return VENDOR_CALLS.find(([, wanted, pattern]) => wanted === method && pattern.test(path))?.[0] ?? null;
}

/** What the vendors send. */
export const callKind = (method: string): string | null => (method === 'POST' ? 'call' : null);

/** The store's own calls are named by what they do; only writing is of interest. */
export const storeKind = (method: string): string | null => (method === 'PUT' ? 'put' : null);
