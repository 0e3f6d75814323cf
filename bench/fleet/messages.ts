/** How the vendor behaves. */
export interface VendorOrder {
  /** How long each job takes, ms, give or take `spread` of it. */
  jobMs: number;
  /** 0 (default) … 1. */
  spread?: number;
  /** Reads over so many in one second are refused. Default none. */
  readsPerSecond?: number;
  /** The first job of every n-th document fails, told by the number at the end of its URL. Default none. */
  failEvery?: number;
  /** Where it calls for jobs whose submit asks for it. */
  webhook?: { url: string; secret: string };
}

export interface VendorFigures {
  counts: { submit: number; get: number; list: number; cancel: number };
  /** 429s. */
  refused: number;
  /** ms since the epoch; 0 = never. */
  lastRefusedAt: number;
  /** Of a single job; ms since the epoch; 0 = never. */
  firstReadAt: number;
  /** 429s by the second, in seconds since the epoch. */
  refusedBySecond: [second: number, count: number][];
  mostReadsASecond: number;
  running: number;
  cancelled: number;
  failed: number;
  /** Of each job: its input, and when it was done. */
  ends: [input: string, endedAt: number][];
}

/** How documents are waited for. */
export type Strategy = 'ours' | 'ours, webhook' | 'ours, single reads' | 'naive loop' | 'retry as poll' | 'minimum';

export interface WorkerOrder {
  address: string;
  taskQueue: string;
  vendorUrl: string;
  bundlePath: string;
  strategy: Strategy;
  /** Of the jobs, as the vendor's factory would know it, ms; null = nobody knows. */
  expectedMs: number | null;
  /** Where its webhooks are received, with that strategy. */
  webhookPort: number;
  /** Port of the SDK's own metrics. */
  metricsPort: number;
  /** Folder of the results. Default: in memory. */
  results?: string;
  /** Of the workflow cache. Default: the ready-made worker's. */
  maxCachedWorkflows?: number;
  /** Files and folders with manifests of batches. */
  manifests?: string[];
  /** Reads a second that its account may make. Default: the vendor's published limit. */
  readsPerSecond?: number;
}

/** What the worker tells when it is asked. */
export interface WorkerFigures {
  /** CPU so far, ms. */
  cpuMs: number;
  /** Resident memory now and at its peak, MB. */
  rssMb: number;
  peakMb: number;
  heapMb: number;
  /** Median absolute error of what was expected, per operation, ms; absent where nothing was learned. */
  durationErrors?: Record<string, number>;
}

export const SECRET = `whsec_${Buffer.from('a secret of the bench, 32 bytes.').toString('base64')}`;
