// One document from end to end, as a user would run it: builds what is missing, then the command line on the example.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const main = join(root, 'dist/cli/main.js');
const example = (name) => join(root, 'examples', name);

if (isStale()) {
  console.log('Building dist/ …');
  run([join(root, 'scripts/build.mjs')]);
}

const state = mkdtempSync(join(tmpdir(), 'docjobs-demo-'));
const argv = ['process', example('invoice-packet.pdf'), '--sandbox', '--state', state];
argv.push('--schema', example('invoice.schema.json'), '--split', example('sections.json'));
console.log(`$ docjobs ${argv.map((word) => word.replace(`${root}/`, '')).join(' ')}\n`);
// Nothing of the surroundings: the demo shows the embedded server and the sandbox.
const env = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(TEMPORAL_(?!CLI_PATH)|REDUCTO_)/.test(name)),
);
env.TEMPORAL_CONFIG_FILE = join(state, 'no-temporal.toml');
// Ctrl-C is the command's own business: it cancels and waits for the receipt.
process.on('SIGINT', () => undefined);
const { status } = spawnSync(process.execPath, [main, ...argv], { cwd: root, env, stdio: 'inherit' });
stopWhatItStarted();
process.exit(status ?? 1);

function isStale() {
  if (!existsSync(main)) return true;
  const builtAt = statSync(main).mtimeMs;
  return readdirSync(join(root, 'src'), { recursive: true }).some(
    (file) => file.endsWith('.ts') && statSync(join(root, 'src', file)).mtimeMs > builtAt,
  );
}

function run(args) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

/** The embedded server and the sandbox would stay for a while for the next command; the demo's folder has none. */
function stopWhatItStarted() {
  const states = readdirSync(state).filter((name) => name.endsWith('.json'));
  const pids = states.flatMap((name) => {
    const { supervisorPid, pid } = JSON.parse(readFileSync(join(state, name), 'utf8'));
    return [supervisorPid ?? pid];
  });
  for (const pid of pids) if (isAlive(pid)) process.kill(pid, 'SIGTERM');
  for (const until = Date.now() + 5_000; Date.now() < until && pids.some(isAlive);) sleep(50);
  rmSync(state, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function sleep(ms) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
