import { readdirSync, readFileSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { WorkflowBundle } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseArguments } from '../../scripts/histories/arguments.js';
import { forbiddenIn, historyWords } from '../../scripts/histories/clean-history.js';
import { bundleForReplay, replay } from '../../scripts/histories/replay.js';
import { SCENARIOS } from '../../scripts/histories/scenarios.js';
import { mutate } from '../../scripts/mutants/mutant.js';
import { MUTANTS } from '../../scripts/mutants/mutants.js';
import { ACTIVITY, WORKFLOW } from '../../src/jobs/names.js';
import { readDocument } from '../../src/sandbox/document/index.js';
import { installQuietRuntime } from '../support/temporal.js';
import { VENDORS } from '../support/vendors.js';

/** Histories of every release: workflows that began under it must go on under this code. */
const HISTORIES = readdirSync('test/histories', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.replaceAll('\\', '/'));

const read = (file: string): object => JSON.parse(readFileSync(join('test/histories', file), 'utf8')) as object;
const happy = HISTORIES.find((file) => file.endsWith('/reducto-happy.json')) ?? '';

// Each replay brings a worker of its own, which has much to say.
installQuietRuntime();

describe('histories of earlier releases', () => {
  let bundle: WorkflowBundle;
  let folder: string;
  beforeAll(async () => {
    bundle = await bundleForReplay(resolve('scripts/histories/workflows.ts'));
    folder = await mkdtemp('test/.mutated-');
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each(HISTORIES)('%s is replayed: the same activities are asked for, about the same jobs', async (file) => {
    const { now, then } = await replay(bundle, file, read(file));
    expect(now).toEqual(then);
  });

  it('are there for every scenario with both vendors', () => {
    const recorded = HISTORIES.map((file) => file.replace(/^.*\//, ''));
    const wanted = VENDORS.flatMap(({ name }) => SCENARIOS.map((scenario) => `${name}-${scenario.name}.json`));
    expect(wanted.filter((file) => !recorded.includes(file))).toEqual([]);
  });

  it('hold every activity and workflow of the package', () => {
    const words = HISTORIES.map((file) => historyWords(read(file))).join();
    const named = (kind: string, name: string): boolean => words.includes(`"${kind}":{"name":"${name}"}`);
    expect(Object.values(ACTIVITY).filter((name) => !named('activityType', name))).toEqual([]);
    expect(Object.values(WORKFLOW).filter((name) => !named('workflowType', name))).toEqual([]);
  });

  it('hold no key, no signed URL, no path of a machine and no text of the document', async () => {
    const { pages } = await readDocument(await readFile('examples/invoice-packet.pdf'));
    const lines = pages.flatMap((page) => page.lines.map(({ text }) => text));
    for (const file of HISTORIES) {
      expect(forbiddenIn(historyWords(read(file)), ['sandbox-key'], lines), file).toEqual([]);
    }
    const leaking = `{"a":"Bearer abc","b":"https://x/y?sig=1","c":"/home/me/x.pdf","d":"k-1","e":"password: 1","f":"${lines[6]}"}`;
    expect(forbiddenIn(leaking, ['k-1'], lines)).toEqual([
      'a bearer token',
      'a signed URL',
      'a password',
      'a path of the recording machine',
      'a key',
      `the document's text: ${lines[6]}`,
    ]);
  });

  it('are not replayed by a workflow that has a command more', async () => {
    const path = resolve(folder, 'workflows.ts');
    const entry = resolve('src/workflows/index.js');
    await writeFile(
      path,
      `import { sleep } from '@temporalio/workflow';
      import { processDocument as ours } from '${entry}';
      export async function processDocument(input: Parameters<typeof ours>[0]) {
        await sleep(1);
        return ours(input);
      }`,
    );
    await expect(replay(await bundleForReplay(path), happy, read(happy))).rejects.toThrow(/Nondeterminism/);
  });

  it('are seen to differ from a workflow that asks for the same in another order', async () => {
    const mutant = MUTANTS.find(({ name }) => name === 'command-order');
    if (mutant === undefined) throw new Error('no such mutant');
    await cp('src', join(folder, 'src'), { recursive: true });
    await writeFile(join(folder, mutant.file), mutate(mutant, await readFile(mutant.file, 'utf8')));
    const mutated = await bundleForReplay(resolve(folder, 'src/workflows/index.ts'));
    const { now, then } = await replay(mutated, happy, read(happy));
    const submits = (all: string[]): (string | undefined)[] =>
      all.filter((one) => one.startsWith('submitDocumentJob')).map((one) => one.split(' ')[1]);
    expect(submits(then)).toEqual(['parse', 'extract', 'split']);
    expect(submits(now)).toEqual(['parse', 'split', 'extract']);
  });
});

describe('the recorder’s arguments', () => {
  const names = ['happy', 'pulse-happy'];

  it('choose by scenario or by history, and overwrite nothing unless told to', () => {
    expect(parseArguments([], names)).toEqual({ only: [], overwrite: false });
    const argv = ['--only', 'happy', '--only', 'pulse-happy', '--overwrite'];
    expect(parseArguments(argv, names)).toEqual({ only: names, overwrite: true });
  });

  it.each([[['--only', 'nobody']], [['--force']], [['happy']]])('%j are refused', (argv) => {
    expect(() => parseArguments(argv, names)).toThrow();
  });
});
