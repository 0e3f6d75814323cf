import type { VendorFigures } from '../fleet/messages.js';

/** A durable engine with one worker that processes documents; the vendor, the engine and the worker are processes of their own. */
export interface Engine extends AsyncDisposable {
  /** Of all that runs there. */
  versions: string;
  /** Hands the document with a number to the engine; resolves when the engine has it for good. */
  start(n: number): Promise<unknown>;
  /** Documents that have not ended. */
  running(): Promise<number>;
  ends(): Promise<DocumentEnd[]>;
  vendor(): Promise<VendorFigures>;
  /** So far. */
  spent(): Promise<Spent>;
  killWorker(): Promise<void>;
  startWorker(): Promise<void>;
}

export interface DocumentEnd {
  n: number;
  /** When the engine recorded it, ms since the epoch. */
  at: number;
  /** Of the job whose result the document ended with; null = it failed. */
  jobId: string | null;
}

export interface Spent {
  engineCpuMs: number;
  workerCpuMs: number;
  /** Resident memory: of the engine now, of the worker at its peak, MB. */
  engineMb: number;
  workerMb: number;
}

/** Jobs take so long, ms, give or take {@link SPREAD} of it; that is also what a worker is told to expect. */
export type OpenEngine = (jobMs: number) => Promise<Engine>;

/** As real jobs vary; and without it a look every 2 s would by chance come always, or never, just after the end. */
export const SPREAD = 0.1;

export const workflowIdOf = (n: number): string => `document-${n}`;
