import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createSandbox } from '../../src/sandbox/index.js';
import { removeState } from '../../test/cli/run-cli.js';
import { makeTextPdf } from '../../test/support/pdf.js';

const SPEED = 5;

/** A real batch in the sandbox, in which some documents are broken and some jobs fail. @returns the path of its report. */
export async function makeReport(dir: string, documents: number): Promise<string> {
  const [state, folder, report] = [join(dir, 'state'), join(dir, 'invoices'), join(dir, 'report.html')];
  await mkdir(folder, { recursive: true });
  await mkdir(state, { recursive: true });
  await writeDocuments(folder, documents);
  const failed = {
    job: { failed: { name: 'LAYOUT_FAILED', message: 'The page layout could not be read.' } },
  } as const;
  const sandbox = await createSandbox({
    speed: SPEED,
    faults: [40, 90, 170, 171, 240].map((nth) => ({ ...failed, nth })),
  });
  const announcement = join(state, 'sandbox.json');
  const { url, reducto } = sandbox;
  await writeFile(announcement, JSON.stringify({ pid: process.pid, url, key: reducto.apiKey, speed: SPEED }));
  const rates = join(dir, 'rates.json');
  await writeFile(rates, JSON.stringify({ creditsPerPage: { parse: 1 }, pricePerCredit: 0.015 }));
  try {
    const asked = ['--sandbox', '--speed', String(SPEED), '--workflow-id', 'invoices-2026-01'];
    await docjobs('batch', folder, ...asked, '--rates', rates, '--state', state);
    await docjobs('report', 'invoices-2026-01', '--rates', rates, '--state', state, '--out', report);
    return report;
  } finally {
    // It names this process, which is not to be ended.
    await rm(announcement, { force: true });
    await removeState(state);
    await sandbox.close();
  }
}

async function writeDocuments(folder: string, documents: number): Promise<void> {
  const sizes = [1, 1, 2, 3, 6];
  const pages = await Promise.all(sizes.map((number) => makeTextPdf({ pages: number })));
  for (let at = 0; at < documents; at++) {
    const isBroken = at % 37 === 36;
    const bytes = isBroken ? Buffer.from(`%PDF-1.7\n${'x'.repeat(200)}`) : Buffer.from(pages[at % sizes.length] ?? []);
    // Another content, or all would be one document.
    await writeFile(
      join(folder, `invoice-${String(at + 1).padStart(4, '0')}.pdf`),
      Buffer.concat([bytes, Buffer.from(`\n%${at}\n`)]),
    );
  }
}

/** A document that failed makes exit code 1. */
async function docjobs(...args: string[]): Promise<void> {
  const run = promisify(execFile)(process.execPath, ['dist/cli/main.js', ...args], { maxBuffer: 64 * 1024 * 1024 });
  await run.catch((error: { code?: unknown; stderr?: string }) => {
    if (error.code !== 1) throw new Error(`docjobs ${args[0]}: ${error.stderr ?? ''}`);
  });
}
