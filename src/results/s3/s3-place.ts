import type { PutObjectCommandInput, S3Client } from '@aws-sdk/client-s3';

/** One store's bucket, and how it is spoken to. */
export interface S3Place {
  /** Bucket and full name of a key's object. */
  at(key: string): { Bucket: string; Key: string };
  /** One call, ended after the store's time limit. */
  send: S3Client['send'];
  encryption: Pick<PutObjectCommandInput, 'ServerSideEncryption' | 'SSEKMSKeyId' | 'BucketKeyEnabled'>;
  checksum: 'SHA256' | 'MD5';
  /** It is known that there is a bucket: what is not found is an object. */
  bucketSeen: boolean;
  /** Bytes. */
  partSize: number;
  /** ms. */
  timeoutMs: number;
}
