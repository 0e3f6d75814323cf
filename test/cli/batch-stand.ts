import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BatchRow, BatchStatus } from '../../src/jobs/batch.js';
import { createSandbox, type Sandbox } from '../../src/sandbox/index.js';
import { makeTextPdf } from '../support/pdf.js';
import { type CliEvent, type CliResult, removeState, runCli } from './run-cli.js';

/** A state folder whose sandbox lives in the test, and folders of small documents. */
export interface BatchStand extends AsyncDisposable {
  sandbox: Sandbox;
  dir: string;
  state: string;
  /** @returns the path of a new folder with so many documents of one page. */
  folder(name: string, documents: number): Promise<string>;
  /** Flags of every command. */
  base(): string[];
  /** `docjobs batch MANIFEST …` in the sandbox. */
  batch(manifest: string, ...flags: string[]): string[];
  rows(batchId: string, ...flags: string[]): Promise<BatchRow[]>;
  accepted(): number;
}

export async function createBatchStand(): Promise<BatchStand> {
  const dir = await mkdtemp(join(tmpdir(), 'docjobs-batch-'));
  const state = join(dir, 'state');
  const sandbox = await createSandbox({ speed: 20 });
  await mkdir(state, { recursive: true });
  // As a sandbox process announces itself: the commands adopt it.
  const announcement = join(state, 'sandbox.json');
  const { url, reducto } = sandbox;
  await writeFile(announcement, JSON.stringify({ pid: process.pid, url, key: reducto.apiKey, speed: 20 }));
  const page = Buffer.from(await makeTextPdf({ pages: 1 }));
  const base = (): string[] => ['--state', state];
  return {
    sandbox,
    dir,
    state,
    base,
    async folder(name, documents) {
      const path = join(dir, name);
      await mkdir(path, { recursive: true });
      for (let at = 1; at <= documents; at++) {
        // Another content, or all would be one document.
        const bytes = Buffer.concat([page, Buffer.from(`\n%${name} ${at}\n`)]);
        await writeFile(join(path, `${String(at).padStart(3, '0')}.pdf`), bytes);
      }
      return path;
    },
    batch: (manifest, ...flags) => ['batch', manifest, '--sandbox', '--speed', '20', '--json', ...base(), ...flags],
    async rows(batchId, ...flags) {
      const { stdout } = await runCli(['batch', 'rows', batchId, ...base(), ...flags]);
      const lines = stdout.split('\n').filter((line) => line !== '');
      return lines.map((line) => JSON.parse(line) as BatchRow);
    },
    accepted: () => sandbox.ledger.accepted().length,
    async [Symbol.asyncDispose]() {
      // It names this process, which is not to be ended.
      await rm(announcement, { force: true });
      await removeState(state);
      await sandbox.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

export const ofKind = (events: readonly CliEvent[], kind: string): CliEvent[] =>
  events.filter(({ event }) => event === kind);

/** What `--json` says last of a batch. */
export function resultOf({ events, stdout, stderr }: CliResult): BatchStatus {
  const last = events.at(-1);
  if (last?.event !== 'result') throw new Error(`no result: ${stdout}${stderr}`);
  return last.result as BatchStatus;
}

export const statusOf = (event: CliEvent): BatchStatus => event.status as BatchStatus;
