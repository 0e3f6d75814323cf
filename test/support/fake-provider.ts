import type { JobSnapshot, JobStatus, Operation, Usage } from '../../src/jobs/types.js';
import type {
  DocumentFile,
  InterpretedResult,
  JobRead,
  OpenAsset,
  Provider,
  SubmittedJob,
} from '../../src/providers/provider.js';
import { VendorError, type VendorErrorFacts } from '../../src/providers/vendor-error.js';

/** One scripted answer: a value to return, or an error to throw. The last one of a script repeats for ever. */
type Script<T> = (T | Error)[];

export interface FakeScript {
  submit?: Script<SubmittedJob>;
  /** Instead of an upload: the file goes with the submits of these. */
  fileOperations?: Operation[];
  get?: Script<JobRead | null>;
  cancel?: Script<boolean>;
  /** `false`: the vendor gives no way to look. */
  findJob?: Script<{ jobId: string } | 'unsupported' | null> | false;
  upload?: Script<{ reference: string }>;
  interpret?: Script<ReturnType<Provider['interpret']>>;
  check?: { field: string; reason: string };
  assetFields?: Provider['assetFields'];
  openAsset?: Script<OpenAsset>;
}

export interface FakeProvider extends Provider {
  /** Every call in order, with its arguments. */
  calls: { method: string; args: unknown[] }[];
  count(method: string): number;
}

export const NO_USAGE: Usage = { pages: null, credits: null };

export function snapshot(status: JobStatus, over: Partial<JobSnapshot> = {}): JobSnapshot {
  return { status, vendorStatus: status.toUpperCase(), progress: null, ...over };
}

export function read(status: JobStatus, result?: unknown, over: Partial<JobSnapshot> = {}): JobRead {
  return {
    snapshot: snapshot(status, over),
    usage: { pages: 3, credits: 4 },
    ...(result === undefined ? {} : { body: { kind: 'json', load: async () => result } }),
  };
}

/** A completed read whose body the vendor serves once; `serve` is asked for its bytes. */
export function readOnce(serve: () => Iterable<string>, known?: InterpretedResult): JobRead {
  return {
    snapshot: snapshot('completed'),
    usage: { pages: 3, credits: 4 },
    body: {
      kind: 'single_read',
      ...(known === undefined ? {} : { known }),
      open: async () => bytesOf(serve()),
    },
  };
}

async function* bytesOf(parts: Iterable<string>): AsyncIterable<Uint8Array> {
  for (const part of parts) yield Buffer.from(part);
}

export function vendorError(kind: VendorErrorFacts['kind'], over: Partial<VendorErrorFacts> = {}): VendorError {
  return new VendorError({ kind, endpoint: 'POST /fake', reason: `${kind} happened`, sent: true, ...over });
}

/** A vendor that answers as scripted and remembers what it was asked. */
export function fakeProvider(script: FakeScript = {}): FakeProvider {
  const calls: FakeProvider['calls'] = [];
  const next = <T>(method: string, answers: Script<T>, args: unknown[]): T => {
    const nth = calls.filter((call) => call.method === method).length;
    calls.push({ method, args });
    const answer = answers[Math.min(nth, answers.length - 1)];
    if (answer instanceof Error) throw answer;
    return answer as T;
  };
  const { findJob = [null] } = script;
  return {
    calls,
    count: (method) => calls.filter((call) => call.method === method).length,
    name: 'fake',
    operations: ['parse', 'extract', 'split', 'pipeline', 'classify'],
    submitTimeoutMs: 30_000,
    listSettleMs: 5_000,
    retentionMs: () => 12 * 3_600_000,
    statuses: {},
    parsedReference: 'jobid://…',
    quota: { requestsPerSecond: null, readsPerSecond: null },
    isReference: (source) => source.startsWith('fake://') || source.startsWith('jobid://'),
    check: () => script.check ?? null,
    submit: async (...args) => next('submit', script.submit ?? [{ jobId: 'job-1' }], args),
    get: async (...args) => next('get', script.get ?? [read('completed', { any: 'body' })], args),
    cancel: async (...args) => next('cancel', script.cancel ?? [true], args),
    ...(script.fileOperations === undefined ? {} : { fileOperations: script.fileOperations }),
    ...(findJob === false ? {} : { findJob: async (...args: unknown[]) => next('findJob', findJob, args) }),
    ...(script.upload === undefined
      ? {}
      : { upload: async (source: DocumentFile) => next('upload', script.upload ?? [], [source]) }),
    interpret: (operation, jobId, result) =>
      next('interpret', script.interpret ?? [{ usage: NO_USAGE, reference: `jobid://${jobId}`, pageCount: 3 }], [
        operation,
        jobId,
        result,
      ]),
    assetFields: script.assetFields ?? {},
    openAsset: async (url) => next('openAsset', script.openAsset ?? [], [url]),
    expectedMs: () => 60_000,
    probe: async () => undefined,
    close: async () => undefined,
  };
}
