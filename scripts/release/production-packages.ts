import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A package as `package-lock.json` holds it. */
export interface LockedPackage {
  name?: string;
  version?: string;
  license?: string;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  peerDependenciesMeta?: Record<string, { optional?: boolean }>;
}

/** From the place of a package (`node_modules/a/node_modules/b`) to what is there; the project itself is at ''. */
export type Lock = Readonly<Record<string, LockedPackage>>;

export function readLock(root: string): Lock {
  return (JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { packages: Lock }).packages;
}

/**
 * The places of all that a user of the package gets with it: dependencies, and peers that are not optional, with theirs, as Node would find them.
 * npm's own marks do not tell: peers are development dependencies here.
 */
export function productionPackages(lock: Lock): string[] {
  const found = new Set<string>();
  const open = [''];
  for (let from = open.pop(); from !== undefined; from = open.pop()) {
    const {
      dependencies = {},
      optionalDependencies = {},
      peerDependencies = {},
      peerDependenciesMeta = {},
    } = lock[from] ?? {};
    const peers = Object.keys(peerDependencies).filter((name) => peerDependenciesMeta[name]?.optional !== true);
    for (const name of [...Object.keys({ ...dependencies, ...optionalDependencies }), ...peers]) {
      const place = resolve(lock, from, name);
      if (place === null && name in optionalDependencies) continue;
      if (place === null)
        throw new Error(`package-lock.json has no ${name} for ${from === '' ? 'this package' : from}`);
      if (found.has(place)) continue;
      found.add(place);
      open.push(place);
    }
  }
  return [...found].sort();
}

/** The nearest `node_modules` that has it, from inside out. */
function resolve(lock: Lock, from: string, name: string): string | null {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('node_modules') - 1))) {
    const place = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (place in lock) return place;
    if (folder === '') return null;
  }
}
