import { parseUrl } from '../jobs/parse-url.js';
/** Where a request goes: `<prefix>/<account>`, or `<prefix>/<account>/<token>` for what comes without a signature. */
export interface Route {
  account: string;
  token?: string;
}

/** @param prefix without a slash at its end. @returns null for any other path. */
export function routeOf(url: string, prefix: string): Route | null {
  const parsed = parseUrl(url);
  if (parsed === null) return null;
  const { pathname } = parsed;
  if (!pathname.startsWith(`${prefix}/`)) return null;
  const [account = '', token, ...more] = pathname
    .slice(prefix.length + 1)
    .replace(/\/$/, '')
    .split('/');
  if (account === '' || token === '' || more.length > 0) return null;
  const name = decoded(account);
  if (name === null) return null;
  return { account: name, ...(token === undefined ? {} : { token }) };
}

function decoded(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}
