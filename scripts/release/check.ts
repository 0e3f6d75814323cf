// npm run release:check [-- --tag vX.Y.Z]: whether what is checked out may be released as the version in package.json.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { VENDORS } from '../../test/support/vendors.js';
import { SCENARIOS } from '../histories/scenarios.js';
import { problemsOfRelease } from './release-problems.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { values } = parseArgs({ options: { tag: { type: 'string' } } });
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
const folder = join(root, 'test/histories', version);
const problems = problemsOfRelease({
  version,
  tag: values.tag ?? null,
  changelog: readFileSync(join(root, 'CHANGELOG.md'), 'utf8'),
  histories: existsSync(folder) ? readdirSync(folder).map((file) => file.replace(/\.json$/, '')) : [],
  scenarios: VENDORS.flatMap((vendor) => SCENARIOS.map((scenario) => `${vendor.name}-${scenario.name}`)),
});
for (const problem of problems) console.error(problem);
console.log(problems.length === 0 ? `${version} may be released` : `${version} may not be released yet`);
process.exit(problems.length === 0 ? 0 : 1);
