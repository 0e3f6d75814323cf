/** What must stand in no history that is kept, by what it is. */
const FORBIDDEN: readonly [what: string, pattern: RegExp][] = [
  ['a bearer token', /\bbearer\s+\S/i],
  ['a signed URL', /X-Amz-|[?&](?:sig|signature|token|expires|x-amz-[\w-]+)=/i],
  ['a password', /\bpassword["']?\s*[:=]/i],
  ['a path of the recording machine', /(?:^|[\s"'(:])\/(?:home|root|tmp|Users|work|var|private)\//],
];
const SHORTEST_WORDS = 4;

/** @param parts of the history, as {@link historyWords} gives them. @param lines of the document. @returns what it holds, and must not. */
export function forbiddenIn(words: string, keys: readonly string[], lines: readonly string[]): string[] {
  const text = lines.filter((line) => line.split(/\s+/).length >= SHORTEST_WORDS && words.includes(line));
  return [
    ...FORBIDDEN.filter(([, pattern]) => pattern.test(words)).map(([what]) => what),
    ...keys.filter((key) => words.includes(key)).map(() => 'a key'),
    ...text.map((line) => `the document's text: ${line}`),
  ];
}

/** All that a history says, payloads decoded. */
export function historyWords(history: unknown): string {
  return JSON.stringify(history, (key, value: unknown) =>
    key === 'data' && typeof value === 'string' ? Buffer.from(value, 'base64').toString('utf8') : value,
  );
}

/** As it is kept: who ran it, and where its files lay, is nobody's business and replays nothing. */
export function withoutHost(history: unknown): unknown {
  return JSON.parse(JSON.stringify(history), (key, value: unknown) => {
    if (key === 'stackTrace') return '';
    return key === 'identity' && typeof value === 'string' ? 'recorder' : value;
  });
}
