import { readWhole } from '../../../src/json-stream/index.js';
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pulse, reducto, type Provider } from '../../../src/index.js';
import type { JobBody } from '../../../src/providers/provider.js';
import { createSandbox, type Sandbox, type SandboxOptions } from '../../../src/sandbox/index.js';
import { type DocumentServer, serveDocuments } from '../../support/document-server.js';
import { type S3Server, startS3Server } from '../../support/s3-server.js';
import type { AttemptPlan } from './attempt-plan.js';
import { type Body, isOnce } from './cells.js';
import { buildAttempt } from './run-attempt.js';

/** A finished job, with what an attempt is told of it. */
export interface FinishedJob extends Pick<AttemptPlan, 'vendor' | 'access' | 'jobId'> {
  sandbox: Sandbox;
  /** Whether bytes are this job's whole body. */
  isWhole(bytes: Uint8Array): boolean;
}

/** What all cells share. */
export interface Stage extends AsyncDisposable {
  /** Of attempts. */
  program: string;
  s3: S3Server;
  /** An empty folder. */
  folder(): Promise<string>;
  finishedJob(body: Body): Promise<FinishedJob>;
  /** Submits of this stage's own, and those that arrived at the vendors. */
  submits(): { asked: number; arrived: number };
}

const AT_ONCE: SandboxOptions = { duration: { baseMs: 0, perPageMs: 0, jitter: 0 }, reducto: { urlResultBytes: 1e9 } };
const READ_ONCE: SandboxOptions = { ...AT_ONCE, pulse: { largeBytes: 10 } };
const INLINE: SandboxOptions = { ...AT_ONCE, pulse: { largePages: 1e6, largeBytes: 1e9 } };

export async function startStage(): Promise<Stage> {
  const root = await mkdtemp(join(tmpdir(), 'kills-'));
  // Other users run the program, too.
  await chmod(root, 0o755);
  const [program, s3, documents] = await Promise.all([buildAttempt(root), startS3Server(), serveDocuments()]);
  const vendors = await Promise.all([
    createSandbox(INLINE),
    createSandbox(READ_ONCE),
    createSandbox({ ...AT_ONCE, pulse: { largeBytes: 10, spentWhen: 'opened' } }),
  ]);
  const urls = {
    large: documents.add('large.txt', largeText()),
    small: documents.add('small.txt', Buffer.from('Total 5')),
  };
  const [inline, complete, opened] = vendors;
  const sandboxes: Sandbox[] = [...vendors];
  let asked = 0;
  async function sandboxOf(body: Body): Promise<Sandbox> {
    if (body === 'once') return complete;
    if (body === 'once opened') return opened;
    if (body !== 'once half sent') return inline;
    // One of its own, since its first fetch fails. What an undisturbed vendor has sent before a worker dies is up to the system's buffers.
    const own = await createSandbox({ ...READ_ONCE, faults: [{ on: 'fetch', call: 1, do: 'truncate-body' }] });
    sandboxes.push(own);
    return own;
  }
  return {
    program,
    s3,
    submits: () => ({
      asked,
      arrived: sandboxes.reduce((sum, { ledger }) => sum + ledger.counts().submits, 0),
    }),
    folder: () => mkdtemp(join(root, 'cell-')),
    async finishedJob(body) {
      const sandbox = await sandboxOf(body);
      asked += 1;
      const vendor = body === 'other inline' || isOnce(body) ? 'pulse' : 'reducto';
      return submit(sandbox, vendor, body === 'small' ? urls.small : urls.large, body === 'url');
    },
    [Symbol.asyncDispose]: () => close([s3, ...sandboxes], documents, root),
  };
}

async function close(servers: AsyncDisposable[], documents: DocumentServer, root: string): Promise<void> {
  await Promise.all([...servers.map((one) => one[Symbol.asyncDispose]()), documents.close()]);
  await rm(root, { recursive: true });
}

/** Some 6 MB of result at one vendor, 8 MB at the other: two parts for a bucket. Few words, since the sandbox reads each of them. */
function largeText(): Buffer {
  const line = Array.from({ length: 4 }, () => 'long'.repeat(125)).join(' ');
  const lines = (page: number): string => Array.from({ length: 40 }, (_, at) => `${page} ${at} ${line}`).join('\n');
  return Buffer.from(Array.from({ length: 25 }, (_, page) => lines(page)).join('\f'));
}

async function submit(
  sandbox: Sandbox,
  vendor: FinishedJob['vendor'],
  input: string,
  isBehindUrl: boolean,
): Promise<FinishedJob> {
  const access = sandbox[vendor];
  const provider: Provider = vendor === 'reducto' ? reducto(access) : pulse(access);
  const marker = randomBytes(32).toString('hex');
  const request = {
    operation: 'parse' as const,
    input,
    ...(isBehindUrl ? { options: { settings: { force_url_result: true } } } : {}),
  };
  try {
    const { jobId } = await provider.submit(request, { marker }, {});
    let body: JobBody | undefined;
    while (body === undefined) body = (await provider.get(jobId, 'parse', {}))?.body;
    return { sandbox, vendor, access, jobId, isWhole: await wholeCheck(body) };
  } finally {
    await provider.close();
  }
}

/** What can be read once is not read for this: it has the document's last line and is JSON. */
async function wholeCheck(body: JobBody): Promise<FinishedJob['isWhole']> {
  if (body.kind === 'single_read') {
    return (bytes) => {
      const text = Buffer.from(bytes).toString();
      return text.includes('24 39 long') && isJson(text);
    };
  }
  const expected =
    body.kind === 'json' ? Buffer.from(JSON.stringify(await body.load({}))) : await readWhole(await body.open({}));
  return (bytes) => Buffer.compare(bytes, expected) === 0;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
