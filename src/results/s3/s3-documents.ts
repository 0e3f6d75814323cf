import { ListObjectsV2Command, S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import type { BatchSource } from '../../batch/manifest/batch-sources.js';
import { ManifestError } from '../../batch/manifest/manifest-error.js';
import { publicId } from '../../batch/plan/document-name.js';
import { s3ErrorCode, s3StoreError } from './s3-store-error.js';

export interface S3DocumentsOptions {
  /** One of your own. Default: one is made, with what the AWS SDK finds (environment, profile, role) and `region` and `endpoint`. */
  client?: S3Client;
  region?: NonNullable<S3ClientConfig['region']>;
  /** Of another server than Amazon's; its buckets are in the path. */
  endpoint?: string;
  /**
   * How the vendor is told of an object. Default `s3://bucket/key`, for a vendor that may read the bucket. For a signed URL: `getSignedUrl` of
   * `@aws-sdk/s3-request-presigner`; it must live until the document's turn comes.
   */
  sourceOf?: (object: { bucket: string; key: string }) => string | Promise<string>;
}

/**
 * Lists the objects under a prefix as the documents of a batch: `createDocumentActivities({ batchSources: { s3: s3Documents() } })`. An object is named
 * `s3://bucket/key`, and its ETag is part of what it is: a changed object is another document. Folders and empty objects are left out.
 */
export function s3Documents({ client, region, endpoint, sourceOf }: S3DocumentsOptions = {}): BatchSource {
  const s3 = client ?? new S3Client({ ...(region && { region }), ...(endpoint && { endpoint, forcePathStyle: true }) });
  return async function* ({ bucket, prefix }, { signal }) {
    const place = { Bucket: bucket as string, ...(typeof prefix === 'string' ? { Prefix: prefix } : {}) };
    for (let token: string | undefined; ;) {
      const command = new ListObjectsV2Command({ ...place, ...(token !== undefined && { ContinuationToken: token }) });
      const page = await s3.send(command, { abortSignal: signal }).catch((error: unknown) => {
        if (signal.aborted) throw error;
        const words = `the bucket can't be listed (${s3ErrorCode(error) ?? 'unknown error'})`;
        throw new ManifestError('manifest.bucket', words, { mayPass: s3StoreError(place.Bucket, error).retryable });
      });
      for (const { Key: key, Size: size = 0, ETag: etag } of page.Contents ?? []) {
        if (key === undefined || key.endsWith('/') || size === 0) continue;
        const name = `s3://${place.Bucket}/${key}`;
        const source = (await sourceOf?.({ bucket: place.Bucket, key })) ?? name;
        yield { id: publicId(name), source, ...(etag && { version: etag.replaceAll('"', '') }) };
      }
      token = page.NextContinuationToken;
      if (token === undefined) return;
    }
  };
}
