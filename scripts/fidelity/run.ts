// npm run fidelity [-- --live [--max-pages N]]: the vendors' own Python clients against the sandbox, or against the real services.
import { parseArguments, type FidelityArguments } from './arguments.js';
import { emptyTally, summaryLine } from './check-lines.js';
import { makeDocuments } from './documents.js';
import { Missing, preparePython } from './python-environment.js';
import { compareRequests } from './requests/compare-requests.js';
import { checkSandbox, checkServices } from './run-checks.js';
import { liveTargets, type Target } from './targets.js';

const USAGE = 'usage: npm run fidelity [-- --live [--max-pages N]]';

function refuse(error: unknown, more = ''): never {
  console.error(`${error instanceof Error ? error.message : String(error)}${more}`);
  process.exit(2);
}

function prepare(): { chosen: FidelityArguments; targets: Target[]; python: string } {
  let chosen: FidelityArguments;
  try {
    chosen = parseArguments(process.argv.slice(2));
  } catch (error) {
    refuse(error, `\n${USAGE}`);
  }
  try {
    // The keys come first: without them nothing needs to be installed.
    const targets = chosen.live ? liveTargets(process.env, chosen.maxPages) : [];
    return { chosen, targets, python: preparePython() };
  } catch (error) {
    if (error instanceof Missing || chosen.live) refuse(error);
    throw error;
  }
}

const { chosen, targets, python } = prepare();
const tally = emptyTally();
{
  await using documents = await makeDocuments();
  if (chosen.live) {
    await checkServices(python, targets, documents, tally);
  } else {
    await checkSandbox(python, documents, tally);
    await compareRequests(python, tally);
  }
}
// The sandbox's answers to open questions are our own choice: they tell nothing.
if (chosen.live && tally.notes.length > 0) {
  console.log(['# seen of what the vendors’ documentation leaves open:', ...tally.notes].join('\n- '));
}
console.log(summaryLine(tally));
process.exit(tally.failed === 0 ? 0 : 1);
