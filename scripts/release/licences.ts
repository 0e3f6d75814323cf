// npm run licences: the licences of all that comes with the package; ends with 1 for one that is not on the list.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isAllowed, READ_BY_HAND } from './licence-verdict.js';
import { productionPackages, readLock } from './production-packages.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const lock = readLock(root);

const found = productionPackages(lock).map((place) => {
  const name = place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);
  const manifest = join(root, place, 'package.json');
  // What is not for this platform is not installed: then the lock's word counts.
  const installed = existsSync(manifest)
    ? (JSON.parse(readFileSync(manifest, 'utf8')) as { license?: unknown; licenses?: { type?: string }[] })
    : undefined;
  const what = `${name}@${lock[place]?.version ?? '?'}`;
  const said = [
    installed?.license,
    installed?.licenses?.map(({ type }) => type).join(' OR '),
    lock[place]?.license,
    READ_BY_HAND[what],
  ];
  const licence = said.find((one) => typeof one === 'string');
  return { what, licence, allowed: isAllowed(licence, name) };
});

const counts = new Map<string, number>();
for (const { licence = 'none' } of found) counts.set(licence, (counts.get(licence) ?? 0) + 1);
for (const [licence, count] of [...counts].sort(([, a], [, b]) => b - a))
  console.log(`${String(count).padStart(4)}  ${licence}`);
const refused = found.filter(({ allowed }) => !allowed);
for (const { what, licence = 'none' } of refused) console.error(`not on the list: ${what}: ${licence}`);
console.log(`${found.length} packages, ${refused.length} not on the list`);
process.exitCode = refused.length === 0 ? 0 : 1;
