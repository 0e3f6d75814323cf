// npm run model: documents under random schedules, on time-skipping servers. See docs/guarantees.md.
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { type ModelArguments, parseArguments, USAGE } from './arguments.js';
import { campaign } from './campaign.js';
import { makeLaneFiles } from './lane-files.js';
import { asTest } from './print.js';
import { openStage } from './stage.js';

function argumentsOrExit(): ModelArguments {
  try {
    return parseArguments(process.argv.slice(2));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    process.exit(2);
  }
}

const EVERY = 25;
const MOST_PRINTED = 5;

const { runs, seed, atOnce } = argumentsOrExit();
Runtime.install({
  // Ctrl-C ends the run; by default it would only end the workers.
  shutdownSignals: [],
  // Attempts that fail are what this is about.
  logger: new DefaultLogger('ERROR', () => undefined),
  telemetryOptions: { logging: { filter: 'ERROR', forward: {} } },
});
const startedAt = Date.now();
const seconds = (): number => Math.round((Date.now() - startedAt) / 1000);

await using files = await makeLaneFiles();
await using stage = await openStage(files, atOnce);
const { endings, events, compared, broken } = await campaign({
  runs,
  seed,
  stage,
  shrinks: MOST_PRINTED,
  onPlayed(done, failed) {
    if (done % EVERY === 0 || done === runs)
      console.error(`${seconds()} s: ${done} of ${runs} played, ${failed} broken`);
  },
});

const inOrder = (counts: Map<string, number>): string =>
  [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([what, times]) => `${what} ${times}`)
    .join(', ');
for (const one of broken.slice(0, MOST_PRINTED)) console.log(`${asTest(one)}\n`);
if (broken.length > MOST_PRINTED) console.log(`… and ${broken.length - MOST_PRINTED} more\n`);
console.log(`endings: ${inOrder(endings)}`);
console.log(`events that came about: ${inOrder(events)}`);
console.log(`held against the same without webhooks: ${compared}`);
console.log(`${runs} runs, seed ${seed}, ${seconds()} s; ${broken.length} broke a guarantee`);
process.exitCode = broken.length === 0 ? 0 : 1;
