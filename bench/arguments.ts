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

/** Of the benches that run a number of documents. @throws Error of one line for what is no such argument */
export function parseSized(argv: readonly string[], documents: number): { documents: number } {
  const { values } = parseArgs({
    args: [...argv],
    options: { documents: { type: 'string', default: String(documents) } },
  });
  return { documents: wholeNumber('--documents', values.documents, 10) };
}

/** Of the bench of a whole batch. */
export interface BatchOrder {
  documents: number;
  /** Of the worker, on the way. */
  kills: number;
  /** Temporal's database in a file, and the server killed once. */
  database: boolean;
  /** For when what is killed. */
  seed: number;
}

/** @throws Error of one line for what is no such argument */
export function parseBatch(argv: readonly string[]): BatchOrder {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      documents: { type: 'string', default: '1000' },
      kills: { type: 'string', default: '1' },
      database: { type: 'boolean', default: false },
      seed: { type: 'string', default: '5' },
    },
  });
  return {
    documents: wholeNumber('--documents', values.documents, 10),
    kills: wholeNumber('--kills', values.kills, 0),
    database: values.database,
    seed: wholeNumber('--seed', values.seed, 0),
  };
}

function wholeNumber(name: string, text: string, least: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least) return value;
  throw new Error(`${name}: expected a whole number ≥ ${least}, got ${JSON.stringify(text)}`);
}
