type Headers = Record<string, string | string[] | undefined>;

/**
 * How long a reply asks us to wait: `retry-after-ms`, else `retry-after` in seconds or as an HTTP date.
 * @returns ms ≥ 0, or undefined when the reply says nothing readable.
 */
export function retryAfterMs(headers: Headers, nowMs: number): number | undefined {
  const ms = numberOf(first(headers['retry-after-ms']));
  if (ms >= 0) return ms;
  const text = first(headers['retry-after']);
  if (text === undefined) return undefined;
  const seconds = numberOf(text);
  if (!Number.isNaN(seconds)) return seconds >= 0 ? Math.round(seconds * 1000) : undefined;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}

const numberOf = (text = ''): number => (/^\s*[+-]?\d{1,15}(\.\d+)?\s*$/.test(text) ? Number(text) : NaN);

const first = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value[0] : value);
