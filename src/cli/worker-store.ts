import { fileStore } from '../results/index.js';
import type { ResultStore } from '../results/result-store.js';
import { usageError } from './cli-error.js';

const S3_URL = /^s3:\/\/([^/]+)(?:\/(.*))?$/;

/** Where `--results` of a worker may point to. */
export type StorePlace = { kind: 'folder'; path: string } | { kind: 's3'; bucket: string; prefix?: string };

/**
 * Reads `--results`: a folder, or `s3://bucket/prefix`.
 * @throws exit 2 for an S3 URL without a bucket.
 */
export function storePlace(text: string): StorePlace {
  if (!text.startsWith('s3:')) return { kind: 'folder', path: text };
  const [, bucket, prefix = ''] = S3_URL.exec(text) ?? [];
  if (bucket === undefined) throw usageError(`--results ${text}: expected a folder or s3://bucket/prefix`);
  const trimmed = prefix.replace(/\/+$/, '');
  return { kind: 's3', bucket, ...(trimmed === '' ? {} : { prefix: trimmed }) };
}

/**
 * Opens the result store of a worker. Region, credentials and the address of another S3 server (`AWS_ENDPOINT_URL_S3`, else
 * `AWS_ENDPOINT_URL`) come from the AWS SDK's standard environment.
 * @throws exit 2 for an S3 URL without a bucket, or when `@aws-sdk/client-s3` is not installed.
 */
export async function openWorkerStore(text: string): Promise<ResultStore> {
  const place = storePlace(text);
  if (place.kind === 'folder') return fileStore(place.path);
  const { s3Store } = await import('../results/s3/index.js').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw usageError(`--results ${text}: needs the package @aws-sdk/client-s3 (npm install @aws-sdk/client-s3)`);
  });
  // Given, not left to the SDK: servers other than Amazon's want the bucket in the path, which the store chooses by it.
  const endpoint = process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL;
  const { bucket, prefix } = place;
  return s3Store({
    bucket,
    ...(prefix === undefined ? {} : { prefix }),
    ...(endpoint === undefined || endpoint === '' ? {} : { endpoint }),
  });
}
