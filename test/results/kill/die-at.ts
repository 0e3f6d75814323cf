import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { sep } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import {
  CompleteMultipartUploadCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import type { ResultStore } from '../../../src/results/index.js';
import type { Point } from './points.js';

/** Of 256 KiB each: well inside a body of several MB. */
const HALF_AT_WRITE = 6;
/** For the bytes to leave this process. */
const ON_THE_WAY_MS = 100;

/** As a power cut would, as far as this process is concerned: nothing of it runs any more. */
export async function die(): Promise<never> {
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => undefined);
}

const isClaim = (key: string): boolean => key.endsWith('.claim.json');

/** The store, whose caller dies before or after a call. */
export function dyingStore(store: ResultStore, point: Point | undefined): ResultStore {
  return {
    ...store,
    async put(key, body, contentType) {
      if (point === (isClaim(key) ? 'claim' : 'put')) await die();
      const facts = await store.put(key, body, contentType);
      if (point === (isClaim(key) ? 'claimed' : 'stored')) await die();
      return facts;
    },
  };
}

/** Dies inside of file writes: of those below `root`, or of the others, on their way through the system's temporary folder. */
export function dieInFiles(point: Point | undefined, root: string | undefined): void {
  const { open, link } = fs;
  const wanted = { half: 'half', last: 'whole', 'spool half': 'half', 'spool whole': 'whole' }[String(point)];
  const isWanted = (path: string): boolean =>
    (root !== undefined && path.startsWith(root + sep)) !== String(point).startsWith('spool');
  fs.open = async (path, flags, mode) => {
    const file = await open(path, flags, mode);
    if (flags !== 'wx' || wanted === undefined || !isWanted(String(path))) return file;
    const write = file.write.bind(file) as (...args: unknown[]) => Promise<never>;
    let writes = 0;
    const counted = async (...args: unknown[]): Promise<never> => {
      writes += 1;
      if (wanted === 'half' && writes > HALF_AT_WRITE) await die();
      return write(...args);
    };
    const sync = file.sync.bind(file);
    const dying = async (): Promise<void> => {
      await sync();
      // A claim is one write.
      if (wanted === 'whole' && writes > 1) await die();
    };
    return Object.assign(file, { write: counted, sync: dying });
  };
  fs.link = async (from, to) => {
    await link(from, to);
    if (point === 'named' && !isClaim(String(to))) await die();
  };
  syncBuiltinESMExports();
}

/** As a full disk does it: files can be made, and not be written. */
export function fillDisk(): void {
  const { open } = fs;
  fs.open = async (path, flags, mode) => {
    const file = await open(path, flags, mode);
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    return flags === 'wx' ? Object.assign(file, { write: () => Promise.reject(full) }) : file;
  };
  syncBuiltinESMExports();
}

/** Dies inside of calls to a bucket: with half of the last piece on its way, before the call that makes the object, after it. */
export function dieInCalls(point: Point | undefined): void {
  type Send = (command: unknown, ...rest: unknown[]) => Promise<unknown>;
  const send = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(S3Client.prototype), 'send')?.value as Send;
  async function dying(this: S3Client, command: unknown, ...rest: unknown[]): Promise<unknown> {
    const isPut = command instanceof PutObjectCommand && !isClaim(command.input.Key ?? '');
    const isEnd = command instanceof CompleteMultipartUploadCommand || isPut;
    const isLastPiece = isPut || (command instanceof UploadPartCommand && command.input.PartNumber === 2);
    if (point === 'half' && isLastPiece) command.input.Body = halfOf(command.input.Body);
    if (point === 'last' && command instanceof CompleteMultipartUploadCommand) await die();
    const reply = await send.call(this, command, ...rest);
    if (point === 'named' && isEnd) await die();
    return reply;
  }
  Object.defineProperty(S3Client.prototype, 'send', { value: dying });
}

function halfOf(body: PutObjectCommandInput['Body']): Readable {
  const bytes = body as Uint8Array;
  async function* half(): AsyncGenerator<Uint8Array> {
    yield bytes.subarray(0, bytes.byteLength / 2);
    await delay(ON_THE_WAY_MS);
    await die();
  }
  return Readable.from(half());
}
