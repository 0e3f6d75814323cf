/*
 * `npm run report:check [-- --documents N | --report FILE.html]`: runs a batch of 300 documents in the sandbox, some of which fail, writes its report with `docjobs report`,
 * opens it in a headless Chromium, checks what only a browser can tell and makes the picture in the docs. Needs `npm run build` before.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkPage } from './check-page.js';
import { findChromium } from './find-chromium.js';
import { makeReport } from './make-report.js';

const PICTURE = 'docs/images/batch-report.png';

const { values } = parseArgs({
  options: { documents: { type: 'string', default: '300' }, report: { type: 'string' } },
});
const executablePath = await findChromium();
if (executablePath === null) {
  process.stderr.write('no Chromium here: the report was not checked. Install one, or name it in CHROMIUM_PATH\n');
  process.exit(1);
}
const dir = await mkdtemp(join(tmpdir(), 'docjobs-report-'));
try {
  const report = values.report ?? (await makeReport(dir, Number(values.documents)));
  const problems = await checkPage(executablePath, report, PICTURE);
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  process.stdout.write(problems.length === 0 ? `the report is as it should be; picture: ${PICTURE}\n` : '');
  process.exitCode = problems.length === 0 ? 0 : 1;
} finally {
  await rm(dir, { recursive: true, force: true });
}
