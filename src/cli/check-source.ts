import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, realpath, stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { SNIFF_BYTES, sniffDocument } from '../activities/sniff-document.js';
import { hostRange } from '../providers/http/host-range.js';
import type { Provider } from '../providers/provider.js';
import { redact } from '../providers/redact.js';
import { isUrl, type SourcePolicy, sourceRefusal } from '../providers/source-url.js';
import { privateVariable } from './accounts.js';
import { usageError } from './cli-error.js';
import { readProblem } from './read-json-file.js';

/** A SOURCE of the command line that looks fit to be sent. */
export interface CheckedSource {
  /** As the workflow takes it: https URL, vendor reference or `file:` URL. */
  source: string;
  /** To show: file name, or URL without its query, which may hold a signature. */
  label: string;
  /** Stem of the files that `--out` writes. */
  name: string;
  /** Names the content, see `documentWorkflowId`. */
  contentHash: string;
  /** Real path of a local file. */
  path?: string;
}

/**
 * Checks one SOURCE before anything is started.
 * @param provider knows its own references.
 * @param policy of the account whose vendor is handed a URL.
 * @throws usage error that says what is wrong with it.
 */
export async function checkSource(
  text: string,
  provider: Pick<Provider, 'name' | 'isReference'>,
  policy: SourcePolicy,
): Promise<CheckedSource> {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme === 'file') return checkFile(filePath(text));
  // What only looks like a URL may be a file's name, or hold a secret.
  if (scheme === undefined) return checkFile(text, /^[a-z][a-z0-9+.-]+:/i.test(text) ? shown(text) : text);
  if (isUrl(text)) return checkUrl(text, provider.name, policy);
  if (provider.isReference(text)) return { source: text, label: text, name: stem(text), contentHash: text };
  throw usageError(`${shown(text)}: expected a file, an https URL or a reference of ${provider.name}`);
}

function filePath(url: string): string {
  try {
    return fileURLToPath(url);
  } catch {
    throw usageError(`${shown(url)}: not a valid file URL`);
  }
}

function checkUrl(text: string, provider: string, policy: SourcePolicy): CheckedSource {
  const remedy = `set ${privateVariable(provider)}=1 for a vendor inside your network`;
  const refusal = sourceRefusal(text, policy, remedy);
  if (refusal !== null) throw usageError(`${shown(text)}: ${refusal}`);
  const url = new URL(text);
  // On this machine nobody can listen in, and a private network is its owner's business.
  const mayBePlain = policy.private || hostRange(url.hostname) !== null;
  if (url.protocol === 'http:' && !mayBePlain)
    throw usageError(`${shown(text)}: only https URLs are sent to a vendor; download it and name the file`);
  return {
    source: text,
    label: `${url.origin}${url.pathname}`,
    name: stem(url.pathname) || url.hostname,
    contentHash: text,
  };
}

async function checkFile(given: string, called = given): Promise<CheckedSource> {
  let path: string;
  let size: number;
  try {
    path = await realpath(given);
    const facts = await stat(path);
    if (facts.isDirectory()) throw usageError(`${called}: is a folder, expected a document`);
    if (!facts.isFile()) throw usageError(`${called}: is no regular file`);
    size = facts.size;
  } catch (error) {
    if (error instanceof Error && error.name === 'CliError') throw error;
    throw usageError(`${called}: ${readProblem(error)}`);
  }
  if (size === 0) throw usageError(`${called}: the file is empty`);
  const { refusal } = sniffDocument(path, await readHead(called, path));
  if (refusal !== null) throw usageError(`${called}: ${refusal}`);
  const contentHash = await hashFile(called, path);
  return { source: pathToFileURL(path).href, label: basename(path), name: stem(path), contentHash, path };
}

async function hashFile(given: string, path: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  } catch (error) {
    throw usageError(`${given}: ${readProblem(error)}`);
  }
  return hash.digest('hex');
}

async function readHead(given: string, path: string): Promise<Uint8Array> {
  const file = await open(path).catch((error: unknown) => {
    throw usageError(`${given}: ${readProblem(error)}`);
  });
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(SNIFF_BYTES), 0, SNIFF_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** For messages: neither a query nor a login, which may be secrets, and nothing that a terminal would obey. */
const shown = (text: string): string =>
  redact(text.replace(/[?#].*$/s, '').replace(/^([^/]*\/\/)[^/]*@/, '$1')).replace(/[^ -\uffff]|\x7f/g, '');
const stem = (path: string): string => basename(path, extname(path));
