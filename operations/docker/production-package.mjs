// Turns package.json into that of an installation: without the tools, with the peers that a worker needs. The versions stay those of
// package-lock.json. Run in the folder of both, before `npm install --omit=dev`.
import { readFileSync, writeFileSync } from 'node:fs';

const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
// `@temporalio/testing` stays out: it is for tests and for servers of one's own.
const peers = Object.keys(manifest.peerDependencies).filter((name) => name !== '@temporalio/testing');
for (const name of peers) manifest.dependencies[name] = packages[`node_modules/${name}`].version;
for (const field of ['devDependencies', 'peerDependencies', 'peerDependenciesMeta', 'scripts']) delete manifest[field];
writeFileSync('package.json', `${JSON.stringify(manifest, null, 2)}\n`);
