import type { CallKind, ModelOperation } from './schedule.js';

/** What a call to a vendor is for. `jobId` where it names a job, `of` where its path tells the operation. */
export interface VendorCall {
  kind: CallKind;
  of?: ModelOperation;
  jobId?: string;
}

const CALLS: readonly [method: string, path: RegExp, kind: CallKind, of?: ModelOperation][] = [
  ['POST', /^\/reducto\/parse_async$/, 'submit', 'parse'],
  ['POST', /^\/reducto\/extract_async$/, 'submit', 'extract'],
  ['POST', /^\/reducto\/split_async$/, 'submit', 'split'],
  ['POST', /^\/pulse\/extract$/, 'submit', 'parse'],
  ['POST', /^\/pulse\/schema$/, 'submit', 'extract'],
  ['POST', /^\/pulse\/split$/, 'submit', 'split'],
  ['GET', /^\/reducto\/jobs/, 'list'],
  ['GET', /^\/(?:reducto|pulse)\/job\/([^/?]+)$/, 'get'],
  ['POST', /^\/reducto\/cancel\/([^/?]+)$/, 'cancel'],
  ['DELETE', /^\/pulse\/job\/([^/?]+)$/, 'cancel'],
  ['GET', /^\/pulse\/large_results\/([^/?]+)$/, 'fetch'],
];

/** @returns null for what nothing ever happens at. */
export function vendorCall(method: string, path: string): VendorCall | null {
  for (const [wanted, pattern, kind, of] of CALLS) {
    const match = method === wanted ? pattern.exec(path) : null;
    if (match === null) continue;
    return { kind, ...(of !== undefined && { of }), ...(match[1] !== undefined && { jobId: match[1] }) };
  }
  return null;
}
