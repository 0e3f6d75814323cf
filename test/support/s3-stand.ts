import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListMultipartUploadsCommand } from '@aws-sdk/client-s3';
import { expect } from 'vitest';
import type { ResultStore } from '../../src/results/index.js';
import { s3Store, type S3StoreOptions } from '../../src/results/s3/index.js';
import { MIB } from './s3-bodies.js';
import { type S3Call, type S3Fault, type S3Faults, startS3Faults } from './s3-faults.js';
import { CREDENTIALS, type S3Server, startS3Server } from './s3-server.js';

/** A real S3 server with a fault proxy before it. */
export interface S3Stand extends AsyncDisposable {
  server: S3Server;
  faults: S3Faults;
  /** Forgets calls and faults. @returns a key of its own for the next test. */
  next(): string;
  options(options?: Partial<S3StoreOptions>): S3StoreOptions;
  /** By way of the faults, with parts of 5 MiB. */
  storeOf(options?: Partial<S3StoreOptions>): ResultStore;
  /** Each call gets its faults in turn, then none. */
  script(plan: Record<S3Call, (S3Fault | undefined)[]>): void;
  /** The calls so far. */
  made(): S3Call[];
  /** Keys of uploads that are neither done nor broken off. */
  uploadsLeft(): Promise<(string | undefined)[]>;
  /** Neither uploads nor files of bodies that wait. */
  expectNoLeftovers(): Promise<void>;
}

export async function startS3Stand(): Promise<S3Stand> {
  const [server, spoolFolder] = await Promise.all([startS3Server(), mkdtemp(join(tmpdir(), 'spool-'))]);
  const faults = await startS3Faults(server.endpoint);
  const { bucket, client } = server;
  let number = 0;
  const stand: S3Stand = {
    server,
    faults,
    next() {
      faults.calls.length = 0;
      faults.fault = () => undefined;
      return `p/a/parse/${++number}.json`;
    },
    options: (options) => ({
      bucket,
      endpoint: faults.endpoint,
      region: 'us-east-1',
      credentials: CREDENTIALS,
      partSize: 5 * MIB,
      spoolFolder,
      ...options,
    }),
    storeOf: (options) => s3Store(stand.options(options)),
    script(plan) {
      faults.fault = (call) => plan[call]?.shift();
    },
    made: () => faults.calls.map(({ call }) => call),
    async uploadsLeft() {
      const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
      return Uploads.map((one) => one.Key);
    },
    async expectNoLeftovers() {
      expect(await stand.uploadsLeft()).toEqual([]);
      expect(await readdir(join(spoolFolder, '.tmp')).catch(() => [])).toEqual([]);
    },
    async [Symbol.asyncDispose]() {
      await faults[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
      await rm(spoolFolder, { recursive: true });
    },
  };
  return stand;
}

export const failureOf = (work: Promise<unknown>): Promise<Error> =>
  work.then(
    () => Promise.reject(new Error('it succeeded')),
    (error: Error) => error,
  );
