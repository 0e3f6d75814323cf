import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const root = resolve('.');
let folder: string;
/** A project that installed the tarball as a user would, with the peers npm chose; the scratch projects lie inside it. */
let installed: string;

async function scratch(name: string, type: 'module' | 'commonjs'): Promise<string> {
  const project = join(installed, name);
  await mkdir(project);
  await writeFile(join(project, 'package.json'), JSON.stringify({ name, private: true, type }));
  return project;
}

/** A project that has the tarball, and this repository's dependencies but for `without`. */
async function scratchWithout(name: string, without: string[]): Promise<string> {
  const project = join(folder, name);
  const modules = join(project, 'node_modules');
  const own = join(modules, 'temporal-document-jobs');
  await mkdir(own, { recursive: true });
  await run('tar', ['-xzf', await tarball(), '-C', own, '--strip-components=1']);
  for (const entry of await readdir(join(root, 'node_modules'))) {
    if (!entry.startsWith('.') && !without.includes(entry)) {
      await symlink(join(root, 'node_modules', entry), join(modules, entry));
    }
  }
  await writeFile(join(project, 'package.json'), JSON.stringify({ name, private: true, type: 'module' }));
  return project;
}

async function tarball(): Promise<string> {
  const [file = ''] = (await readdir(folder)).filter((name) => name.endsWith('.tgz'));
  return join(folder, file);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'packed-'));
  installed = join(folder, 'installed');
  await mkdir(installed);
  await run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: root });
  await writeFile(join(installed, 'package.json'), JSON.stringify({ name: 'installed', private: true }));
  const quick = ['--prefer-offline', '--no-audit', '--no-fund', '--no-package-lock'];
  await run('npm', ['install', ...quick, await tarball(), '@types/node@20'], { cwd: installed });
}, 180_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

const CONSUMER = `
import { createDocumentActivities, fileStore, readParsed, reducto, type ResultRef } from 'temporal-document-jobs';
import { documentJobs, isDocumentFailure } from 'temporal-document-jobs/workflows';
import { startDocument } from 'temporal-document-jobs/client';
import { createWebhookHandler } from 'temporal-document-jobs/webhooks';
import { createSandbox } from 'temporal-document-jobs/sandbox';
import { mockDocumentActivities } from 'temporal-document-jobs/testing';

export const activities = createDocumentActivities({
  accounts: { reducto: reducto({ apiKey: () => 'key' }) },
  results: fileStore('results'),
});
export async function invoice(url: string): Promise<string> {
  const docs = documentJobs({ provider: 'reducto', deadline: '1 hour' });
  const parsed = await docs.parse(url, { options: { settings: { model: 'r-1' } } });
  try {
    return (await docs.extract<{ total: string }>(parsed, { schema: { type: 'object', properties: {} } })).data.total;
  } catch (e) {
    if (isDocumentFailure(e, 'DocumentJobFailed')) return e.details.jobId;
    throw e;
  }
}
export const POST: (request: Request) => Promise<Response> = createWebhookHandler({
  accounts: { reducto: { provider: 'reducto', secrets: async () => ['whsec_…'] } },
  deliver: async ({ jobId }) => console.log(jobId),
});
export const tables = (stored: ResultRef) => readParsed(fileStore('results'), stored, { format: reducto.format }).tables();
export const others = [startDocument, createSandbox, mockDocumentActivities];
`;

describe('the packed tarball', () => {
  it('is imported by an ESM project, every entry', async () => {
    const project = await scratch('esm', 'module');
    const code = `for (const entry of ['', '/workflows', '/client', '/webhooks', '/sandbox', '/testing']) {
      const loaded = await import('temporal-document-jobs' + entry);
      if (Object.keys(loaded).length === 0) throw new Error('nothing exported by ' + entry);
    }
    console.log('ok');`;
    await writeFile(join(project, 'main.js'), code);
    expect((await run(process.execPath, ['main.js'], { cwd: project })).stdout).toBe('ok\n');
  });

  it('is required by a CommonJS project', async () => {
    const project = await scratch('cjs', 'commonjs');
    const code = `const { reducto } = require('temporal-document-jobs');
    const { processDocument } = require('temporal-document-jobs/workflows');
    console.log(typeof reducto, typeof processDocument);`;
    await writeFile(join(project, 'main.js'), code);
    const { stdout, stderr } = await run(process.execPath, ['main.js'], { cwd: project });
    expect([stdout, stderr]).toEqual(['function function\n', '']);
  });

  it.each([
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ])('type-checks for a consumer with module %s, resolution %s', async (module, moduleResolution) => {
    const project = await scratch(`types-${moduleResolution}`, 'module');
    await writeFile(join(project, 'consumer.ts'), CONSUMER);
    const compilerOptions = {
      module,
      moduleResolution,
      target: 'es2022',
      strict: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: true,
      noEmit: true,
      types: ['node'],
    };
    await writeFile(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['consumer.ts'] }));
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const { stdout } = await run(process.execPath, [tsc, '-p', project]).catch((error: { stdout: string }) => error);
    expect(stdout).toBe('');
  });

  it('loads no server, PDF reader, command line or S3 client with the worker, workflow and client entries', async () => {
    const project = await scratchWithout('lean', ['hono', '@hono', 'unpdf', 'commander', '@aws-sdk', '@smithy']);
    const code = `for (const entry of ['', '/workflows', '/client']) await import('temporal-document-jobs' + entry);
      for (const entry of ['/sandbox', '/results/s3']) {
        await import('temporal-document-jobs' + entry).catch((error) => console.log(error.code));
      }`;
    await writeFile(join(project, 'main.js'), code);
    const missing = 'ERR_MODULE_NOT_FOUND\n';
    expect((await run(process.execPath, ['main.js'], { cwd: project })).stdout).toBe(missing + missing);
  });

  it('loads no HTTP client, gRPC, schema library or server with the webhook receiver', async () => {
    const without = ['hono', '@hono', 'unpdf', 'commander', 'undici', 'zod', '@temporalio', '@aws-sdk', '@smithy'];
    const project = await scratchWithout('receiver', without);
    const code = `import { createWebhookHandler } from 'temporal-document-jobs/webhooks';
      const secrets = 'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=';
      const handle = createWebhookHandler({ accounts: { pulse: { provider: 'pulse', secrets } }, deliver: async () => {} });
      console.log((await handle(new Request('http://localhost/webhooks/nobody', { method: 'POST' }))).status);`;
    await writeFile(join(project, 'main.js'), code);
    expect((await run(process.execPath, ['main.js'], { cwd: project })).stdout).toBe('404\n');
  });

  it('has an S3 store for who installs the S3 client besides', async () => {
    const project = await scratchWithout('s3', []);
    const code = `import { s3Store } from 'temporal-document-jobs/results/s3';
      import { fileStore } from 'temporal-document-jobs';
      const store = s3Store({ bucket: 'b', region: 'eu-central-1', encryption: { type: 'AES256' } });
      console.log(Object.keys(store).join() === Object.keys(fileStore('.')).join());`;
    await writeFile(join(project, 'main.js'), code);
    expect((await run(process.execPath, ['main.js'], { cwd: project })).stdout).toBe('true\n');
  });
});

/** The least that a workflow of anybody's does. */
const SMALLEST =
  "import { sleep } from '@temporalio/workflow';\nexport async function nap(): Promise<void> {\n  await sleep(1);\n}\n";

describe('the workflow bundle', () => {
  it('needs no bundler options and stays small', async () => {
    const project = await scratch('bundle', 'module');
    await writeFile(join(project, 'empty.ts'), 'export async function nothing(): Promise<void> {}\n');
    await writeFile(join(project, 'smallest.ts'), SMALLEST);
    await writeFile(join(project, 'workflows.ts'), "export * from 'temporal-document-jobs/workflows';\n");
    // In a process of its own: the bundler names modules by their path from where it runs.
    await writeFile(
      join(project, 'size.mjs'),
      `import { bundleWorkflowCode } from '@temporalio/worker';
      const quiet = { log() {}, trace() {}, debug() {}, info() {}, warn() {}, error() {} };
      const { code } = await bundleWorkflowCode({ workflowsPath: process.argv[2], logger: quiet });
      console.log(code.replace(/\\/\\/# sourceMappingURL=.*/g, '').length);`,
    );
    const size = async (file: string): Promise<number> =>
      Number((await run(process.execPath, ['size.mjs', join(project, file)], { cwd: project })).stdout);
    const empty = await size('empty.ts');
    const ours = await size('workflows.ts');
    // Of what is above an empty bundle, the larger half is the SDK's own index, which every workflow has that does anything.
    expect(ours - empty).toBeLessThan(95_000);
    expect(ours - (await size('smallest.ts'))).toBeLessThan(60_000);
    expect(ours).toBeGreaterThan(empty);
  });

  it('exports these names and no others: a user’s `export *` depends on them', async () => {
    const entry = await import('../../src/workflows/index.js');
    expect(Object.keys(entry).sort()).toEqual([
      'FAILURE_TYPES',
      'changeDocumentBatch',
      'documentBatchStatus',
      'documentJobLease',
      'documentJobMailbox',
      'documentJobs',
      'documentJobsStatus',
      'forgetDocument',
      'isDocumentFailure',
      'processBatch',
      'processBatchDocument',
      'processDocument',
      'reapOrphanedJobs',
    ]);
  });
});
