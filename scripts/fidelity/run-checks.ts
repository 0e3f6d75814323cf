import { createSandbox } from '../../src/sandbox/index.js';
import { createLineReader, type Tally } from './check-lines.js';
import type { Documents } from './documents.js';
import { createPageBudget } from './page-budget.js';
import { runScript } from './run-script.js';
import type { Target } from './targets.js';
import { VENDORS } from './vendor-name.js';

/** The checks against a fresh sandbox. */
export async function checkSandbox(python: string, documents: Documents, tally: Tally): Promise<void> {
  await using sandbox = await createSandbox({ duration: { baseMs: 20, perPageMs: 0, jitter: 0 } });
  const env = {
    // A proxy of the surroundings has no business between this process and its child.
    ...without(process.env, /_proxy$/i),
    FIDELITY_SANDBOX: sandbox.url,
    FIDELITY_DOCUMENT_URL: documents.url,
    FIDELITY_LARGE: documents.large,
  };
  for (const vendor of VENDORS) {
    await check(python, { vendor, ...sandbox[vendor], pages: Infinity }, documents, env, tally);
  }
}

/** The checks against the real services. */
export async function checkServices(
  python: string,
  targets: readonly Target[],
  documents: Documents,
  tally: Tally,
): Promise<void> {
  for (const target of targets) {
    console.log(`# ${target.vendor} at ${target.baseUrl}, at most ${target.pages} pages`);
    const spent = await check(python, target, documents, { ...process.env, FIDELITY_LIVE: '1' }, tally);
    console.log(`# ${target.vendor}: ${spent} pages`);
  }
}

async function check(
  python: string,
  { vendor, apiKey, baseUrl, pages }: Target,
  { onePage }: Documents,
  env: NodeJS.ProcessEnv,
  tally: Tally,
): Promise<number> {
  const budget = createPageBudget(pages);
  const access = { FIDELITY_KEY: apiKey, FIDELITY_URL: baseUrl, FIDELITY_ONE_PAGE: onePage };
  try {
    await runScript(python, `${vendor}_checks.py`, { ...env, ...access }, createLineReader(tally, budget));
  } catch (error) {
    tally.failed++;
    console.log(`FAIL ${vendor} checks: ${error instanceof Error ? error.message : String(error)}`);
  }
  return budget.spent;
}

const without = (env: NodeJS.ProcessEnv, names: RegExp): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !names.test(name)));
