// Run by `npm run examples -- encryption`.
import { fileURLToPath } from 'node:url';
import { createExpectations } from '../../scripts/examples/expect.ts';
import { mustRun } from '../../scripts/examples/run-command.ts';

const cwd = fileURLToPath(new URL('../..', import.meta.url));
const said = await mustRun(['npx', 'tsx', 'examples/encryption/run.ts'], { cwd }, 3 * 60_000);
const expect = createExpectations();
for (const line of [
  /^Key 2026-10: [^}]*INV-4711/m,
  /^Key 2026-11: [^}]*INV-4711/m,
  /^document-1 is readable after the rotation$/m,
  /^without the old key: .*"2026-10".*key ring has only: 2026-11/m,
  /^"INV-4711" stands 0 times in Temporal's database$/m,
]) {
  expect.that(String(line), line.test(said), true);
}
try {
  expect.end();
} catch (error) {
  console.log(said);
  throw error;
}
