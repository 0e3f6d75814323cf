import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, realpath, stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { SNIFF_BYTES, sniffDocument } from '../activities/sniff-document.js';
import type { Provider } from '../providers/provider.js';
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
 * @throws usage error that says what is wrong with it.
 */
export async function checkSource(
  text: string,
  provider: Pick<Provider, 'name' | 'isReference'>,
): Promise<CheckedSource> {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme === 'file') return checkFile(filePath(text));
  if (scheme === undefined) return checkFile(text);
  if (scheme === 'https' || (scheme === 'http' && isLoopback(text))) return checkUrl(text);
  if (provider.isReference(text)) return { source: text, label: text, name: stem(text), contentHash: text };
  const label = withoutQuery(text);
  if (scheme === 'http')
    throw usageError(`${label}: only https URLs are sent to a vendor; download it and name the file`);
  throw usageError(`${label}: expected a file, an https URL or a reference of ${provider.name}`);
}

function filePath(url: string): string {
  try {
    return fileURLToPath(url);
  } catch {
    throw usageError(`${url}: not a valid file URL`);
  }
}

function checkUrl(text: string): CheckedSource {
  if (!URL.canParse(text)) throw usageError(`${withoutQuery(text)}: not a valid URL`);
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') {
    throw usageError(
      `https://${url.host}${url.pathname}: a user name or password in a URL would be kept in Temporal's history; leave it out`,
    );
  }
  return {
    source: text,
    label: `${url.origin}${url.pathname}`,
    name: stem(url.pathname) || url.hostname,
    contentHash: text,
  };
}

async function checkFile(given: string): Promise<CheckedSource> {
  let path: string;
  let size: number;
  try {
    path = await realpath(given);
    const facts = await stat(path);
    if (facts.isDirectory()) throw usageError(`${given}: is a folder, expected a document`);
    if (!facts.isFile()) throw usageError(`${given}: is no regular file`);
    size = facts.size;
  } catch (error) {
    if (error instanceof Error && error.name === 'CliError') throw error;
    throw usageError(`${given}: ${readProblem(error)}`);
  }
  if (size === 0) throw usageError(`${given}: the file is empty`);
  const { refusal } = sniffDocument(path, await readHead(given, path));
  if (refusal !== null) throw usageError(`${given}: ${refusal}`);
  const contentHash = await hashFile(given, path);
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

/** A document server beside the sandbox; no vendor could fetch from there, nor anybody listen in. */
function isLoopback(text: string): boolean {
  return URL.canParse(text) && ['localhost', '127.0.0.1', '[::1]'].includes(new URL(text).hostname);
}

const withoutQuery = (text: string): string => text.replace(/[?#].*$/s, '');
const stem = (path: string): string => basename(path, extname(path));
