/** What a bench has to say. */
export interface BenchResult {
  rows: unknown[];
  /** Said under the table. */
  notes?: string[];
  /** Promises that did not hold, one line each: the command exits with 1. */
  broken?: string[];
  /** Of what was drawn by lot. */
  seed?: number;
  /** What is drawn as lines. */
  series?: Series[];
}

/** How one thing changed on the way. */
export interface Series {
  title: string;
  /** What the axes count. */
  x: string;
  y: string;
  points: [x: number, y: number][];
}
