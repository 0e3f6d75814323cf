import { parseArgs } from 'node:util';

/** Of the benches whose promises take real time. */
export interface Scaled {
  /** Share of the full times that a storm or an outage lasts; poll gaps and back-offs stay as they are. */
  scale: number;
  documents: number;
  /** For what is asked of which document when. */
  seed: number;
}

/** @throws Error of one line for what is no such argument */
export function parseScaled(argv: readonly string[]): Scaled {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      scale: { type: 'string', default: '0.1' },
      documents: { type: 'string', default: '100' },
      seed: { type: 'string', default: '5' },
    },
  });
  const scale = Number(values.scale);
  if (!(scale > 0 && scale <= 1))
    throw new Error(`--scale: expected a number above 0, at most 1, got ${JSON.stringify(values.scale)}`);
  return {
    scale,
    documents: wholeNumber('--documents', values.documents, 8),
    seed: wholeNumber('--seed', values.seed, 0),
  };
}

function wholeNumber(name: string, text: string, least: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least) return value;
  throw new Error(`${name}: expected a whole number ≥ ${least}, got ${JSON.stringify(text)}`);
}
