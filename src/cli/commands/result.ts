import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { batchEnd } from '../../client/batch/batch-end.js';
import { documentEnd, type DocumentEnd } from '../../client/document-end.js';
import { documentManifest } from '../../client/manifest/document-manifest.js';
import { fileStore } from '../../results/index.js';
import { batchExitOf } from '../batch/batch-exit.js';
import { batchEndEvent } from '../batch/batch-json-view.js';
import { isBatch } from '../batch/is-batch.js';
import { usageError } from '../cli-error.js';
import { openSession, type Session, type TemporalFlags } from '../connect.js';
import { describeDocument } from '../describe-document.js';
import { endEvent } from '../events.js';
import { exitOf } from '../exit-codes.js';
import { jsonFlag, resultsFlag, temporalFlags, withHelp } from '../flags.js';
import { followCommandText } from '../follow-command.js';
import { resultsDir } from '../state-dir.js';
import { prepareOut, uniqueNames, writeResults } from '../write-results.js';

interface ResultFlags extends TemporalFlags {
  json?: true;
  manifest?: true;
  out?: string;
  results?: string;
}

export function resultCommand(): Command {
  const command = new Command('result')
    .summary('what came out of a workflow')
    .description(
      'Prints the result of a workflow that has ended as JSON: a ProcessDocumentResult, or the failure or the receipt of one that\n' +
        'failed or was cancelled. With --json it is the last event that "process --json" prints. With --manifest: where the data come from\n' +
        '(input, jobs, options, model, billing, hashes of the results), instead. Of a batch: its counts.',
    )
    .argument('<ID>', 'workflow id')
    .option('--out <dir>', 'write each whole result as <ID>.<operation>.json, and <ID>.manifest.json')
    .option('--manifest', 'print the provenance manifest')
    .addOption(jsonFlag())
    .addOption(resultsFlag())
    .action(run);
  return withHelp(temporalFlags(command), { temporal: true });
}

async function run(workflowId: string, flags: ResultFlags): Promise<void> {
  if (flags.out !== undefined) await prepareOut(flags.out);
  const session = await openSession(flags, (text) => void process.stderr.write(`${text}\n`));
  try {
    const description = await describeDocument(session, workflowId);
    const { status } = description;
    if (status.name === 'RUNNING') {
      throw usageError(
        `${workflowId}: still running, no result yet; follow it with: ${followCommandText(flags, workflowId)}`,
      );
    }
    if (isBatch(description)) return await printBatch(session, workflowId, flags);
    const end = await documentEnd(session.client, workflowId);
    const manifest =
      flags.manifest || flags.out !== undefined ? await documentManifest(session.client, workflowId) : null;
    if (flags.out !== undefined) {
      const name = uniqueNames([workflowId])[0] ?? workflowId;
      const store = fileStore(flags.results ?? resultsDir(session.stateDir));
      if (end.kind === 'result') await writeResults(flags.out, name, end.result, store);
      await writeFile(join(flags.out, `${name}.manifest.json`), `${JSON.stringify(manifest, null, 2)}\n`);
    }
    const shown = flags.manifest ? { event: 'manifest', workflowId, manifest } : endEvent(workflowId, end);
    const value = flags.manifest ? manifest : endValue(end);
    process.stdout.write(`${flags.json ? JSON.stringify(shown) : JSON.stringify(value, null, 2)}\n`);
    process.exitCode = exitOf(end);
  } finally {
    await session.close();
  }
}

/** The counts; its documents stand in its record. */
async function printBatch(
  { client }: Session,
  workflowId: string,
  { json, manifest, out }: ResultFlags,
): Promise<void> {
  if (manifest || out !== undefined) {
    throw usageError(
      `${workflowId}: is a batch: "docjobs batch rows ${workflowId}" has its documents, each with its results`,
    );
  }
  const end = await batchEnd(client, workflowId);
  const value = end.kind === 'result' ? end.result : end;
  process.stdout.write(`${json ? JSON.stringify(batchEndEvent(workflowId, end)) : JSON.stringify(value, null, 2)}\n`);
  process.exitCode = batchExitOf(end);
}

function endValue(end: DocumentEnd): object {
  if (end.kind === 'result') return end.result;
  if (end.kind === 'cancelled') return { cancelled: true, receipt: end.receipt };
  return { failure: end.failure, receipt: end.receipt };
}
