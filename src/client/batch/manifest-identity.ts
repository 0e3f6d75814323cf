import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { opendir, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { BatchManifest } from '../../jobs/batch.js';
import { canonicalJson, sha256Of } from '../canonical-json.js';

/**
 * Names what a manifest lists, so that the same one started twice is one batch. A file by its bytes, read once as a stream; a folder by the paths,
 * sizes and times of change of its files, which is read here and so must be the folder that the worker sees; a prefix of S3 or a source by what names it.
 * @returns 64 characters of lower-case hex.
 * @throws the system's error for what can't be read.
 */
export async function manifestIdentity(manifest: BatchManifest): Promise<string> {
  if (manifest.kind === 'file') return sha256Of(canonicalJson(['file', manifest.format, await hashOf(manifest.path)]));
  if (manifest.kind === 'folder') return folderIdentity(await realpath(manifest.path));
  return sha256Of(canonicalJson(manifest));
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** The sum of one hash a file: the order in which the system lists them does not count, and nothing of the list is kept. */
async function folderIdentity(root: string): Promise<string> {
  const sum = Buffer.alloc(32);
  let files = 0;
  for await (const path of filesBelow(root)) {
    const facts = await stat(path).catch(() => null);
    if (facts?.isFile() !== true) continue;
    files += 1;
    const name = relative(root, path).split(sep).join('/');
    add(
      sum,
      createHash('sha256')
        .update(JSON.stringify([name, facts.size, facts.mtimeMs]))
        .digest(),
    );
  }
  return sha256Of(canonicalJson(['folder', root, files, sum.toString('hex')]));
}

/** What is hidden (a name that begins with a dot) is no document, and comes and goes. */
export async function* filesBelow(folder: string): AsyncGenerator<string> {
  for await (const entry of await opendir(folder)) {
    if (entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path);
    else yield path;
  }
}

/** Byte by byte, with a carry: two equal files under different names don't cancel each other out as they would with XOR. */
function add(sum: Buffer, addend: Buffer): void {
  let carry = 0;
  for (let at = sum.length - 1; at >= 0; at--) {
    const total = sum.readUInt8(at) + addend.readUInt8(at) + carry;
    sum.writeUInt8(total & 0xff, at);
    carry = total >> 8;
  }
}
