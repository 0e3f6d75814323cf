import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Reducto, { toFile } from 'reductoai';
import { onTestFinished } from 'vitest';
import { createSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/index.js';
import { waitUntil } from '../support/wait-until.js';

/** The vendor's own client against a fresh sandbox, without its retries. */
export async function withSdk(
  options: SandboxOptions,
  test: (sdk: Reducto, sandbox: Sandbox) => Promise<void>,
): Promise<void> {
  await using sandbox = await createSandbox({ duration: { baseMs: 20, perPageMs: 0, jitter: 0 }, ...options });
  const { apiKey, baseUrl } = sandbox.reducto;
  await test(new Reducto({ apiKey, baseURL: baseUrl, maxRetries: 0 }), sandbox);
}

export const NOTE = Buffer.from('Total: $12.50\n');

export const uploadNote = async (sdk: Reducto): Promise<Reducto.Upload> =>
  sdk.upload({ file: await toFile(NOTE, 'note.txt') });

/** A file of this machine, gone after the test. */
export async function localFile(name: string, bytes: Uint8Array): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sdk-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

/** Waits for the job's end. The type says nothing of its status: the client's own lacks words that the vendor uses. */
export async function completed(sdk: Reducto, jobId: string): Promise<Reducto.JobGetResponse.EnhancedAsyncJobResponse> {
  let job: Reducto.JobGetResponse = { status: 'Pending' };
  await waitUntil(async () => (job = await sdk.job.get(jobId)).status === 'Completed', `${jobId} completed`);
  return job;
}
