import { parseArgs } from 'node:util';

export interface FidelityArguments {
  /** Against the real services instead of the sandbox. */
  live: boolean;
  /** The most pages that a live run may have billed, over both vendors. */
  maxPages: number;
}

const DEFAULT_PAGES = 10;

/** @throws Error of one line for what is no such argument */
export function parseArguments(argv: readonly string[]): FidelityArguments {
  const { values } = parseArgs({
    args: [...argv],
    options: { live: { type: 'boolean', default: false }, 'max-pages': { type: 'string' } },
  });
  const pages = values['max-pages'];
  if (pages !== undefined && !values.live) throw new Error('--max-pages is for --live: the sandbox bills nothing');
  if (pages !== undefined && !/^\d+$/.test(pages))
    throw new Error(`--max-pages: expected a whole number, got ${pages}`);
  return { live: values.live, maxPages: pages === undefined ? DEFAULT_PAGES : Number(pages) };
}
