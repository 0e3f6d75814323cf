import type { Provider } from '../providers/provider.js';

/** True for a source that is neither a URL, which the vendor fetches itself, nor a reference of the vendor's own. */
export function liesOnWorker(provider: Provider, source: string): boolean {
  return !/^https?:\/\//i.test(source) && !provider.isReference(source);
}
