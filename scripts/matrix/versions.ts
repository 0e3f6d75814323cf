import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const manifest = JSON.parse(readFileSync(fileURLToPath(new URL('../../package.json', import.meta.url)), 'utf8')) as {
  peerDependencies: Record<string, string>;
};

/** The versions that the package is tried with. What CI tries, and what the docs promise, is this. */
export const SUPPORTED = {
  node: ['20.19', '22', '24'],
  /** Of the range that `peerDependencies` allow. */
  temporal: ['oldest', 'newest'],
  typescript: ['5.9', '6'],
} as const;

/** What npm is asked for: the least version of the range, or the range, of which it takes the newest. */
export function temporalVersion(which: (typeof SUPPORTED.temporal)[number]): string {
  const range = manifest.peerDependencies['@temporalio/worker'] ?? '';
  const [, least] = /^\^(\d+\.\d+\.\d+)$/.exec(range) ?? [];
  if (least === undefined) throw new Error(`peerDependencies: expected ^X.Y.Z of @temporalio/worker, got ${range}`);
  return which === 'oldest' ? least : range;
}

/** All packages of Temporal's that a user needs; they go by one version. */
export const TEMPORAL_PACKAGES: readonly string[] = Object.keys(manifest.peerDependencies).filter((name) =>
  name.startsWith('@temporalio/'),
);
