// npm run histories: writes what the workflows' histories look like now to test/histories/<version>/; those that are there are kept.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, Runtime } from '@temporalio/worker';
import { readDocument } from '../../src/sandbox/document/index.js';
import { serveDocuments } from '../../test/support/document-server.js';
import { VENDORS } from '../../test/support/vendors.js';
import { parseArguments, type RecordArguments, USAGE } from './arguments.js';
import { forbiddenIn, historyWords, withoutHost } from './clean-history.js';
import { recordLife, type Recorder } from './record-life.js';
import { SCENARIOS } from './scenarios.js';

const DOCUMENT = 'invoice-packet.pdf';

const lives = VENDORS.flatMap((vendor) =>
  SCENARIOS.map((scenario) => ({ vendor, scenario, name: `${vendor.name}-${scenario.name}` })),
);

function argumentsOrExit(): RecordArguments {
  try {
    const names = lives.flatMap(({ name, scenario }) => [name, scenario.name]);
    return parseArguments(process.argv.slice(2), names);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    process.exit(2);
  }
}

const { only, overwrite } = argumentsOrExit();
const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
const folder = `test/histories/${version}`;
await mkdir(folder, { recursive: true });
const there = new Set(overwrite ? [] : await readdir(folder));
const chosen = lives.filter(
  ({ name, scenario }) => only.length === 0 || only.includes(name) || only.includes(scenario.name),
);
const wanted = chosen.filter(({ name }) => !there.has(`${name}.json`));
for (const { name } of chosen) if (there.has(`${name}.json`)) console.log(`${folder}/${name}.json is kept`);
// A runtime without a worker would never end.
if (wanted.length > 0) await recordAll();

async function recordAll(): Promise<void> {
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { filter: 'ERROR', forward: {} } },
  });
  const { pages } = await readDocument(await readFile(`examples/${DOCUMENT}`));
  const lines = pages.flatMap((page) => page.lines.map(({ text }) => text));
  const documents = await serveDocuments();
  try {
    const workflowsPath = fileURLToPath(new URL('workflows.ts', import.meta.url));
    const workflowBundle = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') });
    const recorder: Recorder = { workflowBundle, source: documents.url(DOCUMENT) };
    for (const { vendor, scenario } of wanted) {
      for (const [name, history] of await recordLife(recorder, vendor, scenario)) {
        const file = `${folder}/${name}.json`;
        await writeFile(file, cleaned(name, history, lines));
        console.log(file);
      }
    }
  } finally {
    await documents.close();
  }
}

/** What is published would be there for ever. */
function cleaned(name: string, history: unknown, lines: readonly string[]): string {
  const kept = withoutHost(history);
  const found = forbiddenIn(historyWords(kept), ['sandbox-key'], lines);
  if (found.length > 0) throw new Error(`${name} is not written, it holds ${found.join(', ')}`);
  return `${JSON.stringify(kept, null, 1)}\n`;
}
