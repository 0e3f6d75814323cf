import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { startDevServer } from '../../src/local/dev-server.js';
import { serveDocuments } from '../support/document-server.js';
import type { Surroundings } from './cell/world.js';

const PDF = fileURLToPath(new URL('../../examples/invoice-packet.pdf', import.meta.url));
const WORKFLOWS = fileURLToPath(new URL('../../src/workflows/index.ts', import.meta.url));

/** @param codePath of a bundle with the package's workflows. Default: one is made. */
export async function openSurroundings(codePath?: string): Promise<Surroundings & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'faults-'));
  const bundle = async (): Promise<string> => {
    const { code } = await bundleWorkflowCode({ workflowsPath: WORKFLOWS, logger: new DefaultLogger('ERROR') });
    const path = join(folder, 'workflows.js');
    await writeFile(path, code);
    return path;
  };
  const [server, documents, path, pdf] = await Promise.all([
    startDevServer({ headless: true }),
    serveDocuments(),
    codePath ?? bundle(),
    readFile(PDF),
  ]);
  return {
    server,
    documents,
    pdf,
    codePath: path,
    async [Symbol.asyncDispose]() {
      await Promise.all([server.stop(), documents.close()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
