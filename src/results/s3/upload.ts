import { createHash } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  type CompletedPart,
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import type { BodySource } from './body-source.js';
import { s3ErrorCode, s3Status } from './s3-store-error.js';
import type { S3Place } from './s3-place.js';

/**
 * What became of a write. `exists`: the key has an object already. `conflict`: another writer is at it, or has broken our upload off
 * because it was done: look, then try again.
 */
export type Written = 'written' | 'exists' | 'conflict';

const MAX_PARTS = 10_000;
/** Parts under way at once, each held in memory. */
const PARALLEL = 2;

/** Writes the object unless the key has one: small ones by one conditional PUT, larger ones in parts with a conditional end. */
export async function upload(place: S3Place, key: string, body: BodySource, contentType: string): Promise<Written> {
  const facts = { ContentType: contentType, Metadata: { sha256: body.sha256 } };
  if (body.size > place.partSize) return uploadInParts(place, key, body, facts);
  const bytes = await body.read(0, body.size);
  const put = {
    ...place.at(key),
    ...facts,
    ...place.encryption,
    ...check(place, bytes),
    IfNoneMatch: '*',
    Body: bytes,
  };
  return verdict(() => place.send(new PutObjectCommand({ ...put, ContentLength: body.size })));
}

type Facts = Pick<PutObjectCommand['input'], 'ContentType' | 'Metadata'>;

async function uploadInParts(place: S3Place, key: string, body: BodySource, facts: Facts): Promise<Written> {
  const algorithm = place.checksum === 'SHA256' ? { ChecksumAlgorithm: 'SHA256' as const } : {};
  const create = { ...place.at(key), ...facts, ...place.encryption, ...algorithm };
  const { UploadId } = await place.send(new CreateMultipartUploadCommand(create));
  const target = { ...place.at(key), UploadId };
  const written = await verdict(async () => {
    const Parts = await sendParts(place, target, body);
    await place.send(new CompleteMultipartUploadCommand({ ...target, IfNoneMatch: '*', MultipartUpload: { Parts } }));
  }).catch(async (error: unknown) => {
    await abort(place, target);
    throw error;
  });
  if (written !== 'written') await abort(place, target);
  // Those of writers that died, and of living ones who can only lose now; they see `conflict`, and then the object.
  if (written !== 'conflict') await abortOthers(place, key);
  return written;
}

type Target = ReturnType<S3Place['at']> & { UploadId: string | undefined };

async function sendParts(place: S3Place, target: Target, body: BodySource): Promise<CompletedPart[]> {
  const length = Math.max(place.partSize, Math.ceil(body.size / MAX_PARTS));
  const parts: CompletedPart[] = [];
  const count = Math.ceil(body.size / length);
  let next = 0;
  let failed = false;
  async function sender(): Promise<void> {
    while (next < count && !failed) {
      const at = next++;
      const bytes = await body.read(at * length, Math.min(length, body.size - at * length));
      const sum = check(place, bytes);
      const part = { ...target, ...sum, PartNumber: at + 1, Body: bytes, ContentLength: bytes.byteLength };
      const { ETag } = await place.send(new UploadPartCommand(part));
      const proof = 'ChecksumSHA256' in sum ? sum : {};
      parts[at] = { PartNumber: at + 1, ...(ETag === undefined ? {} : { ETag }), ...proof };
    }
  }
  // An upload can be broken off for good only when none of its parts is under way.
  const ends = await Promise.allSettled(
    Array.from({ length: PARALLEL }, () =>
      sender().catch((error: unknown) => {
        failed = true;
        throw error;
      }),
    ),
  );
  const first = ends.find((end) => end.status === 'rejected');
  if (first !== undefined) throw first.reason;
  return parts;
}

async function verdict(write: () => Promise<unknown>): Promise<Written> {
  try {
    await write();
    return 'written';
  } catch (error) {
    const code = s3ErrorCode(error);
    if (s3Status(error) === 412 || code === 'PreconditionFailed') return 'exists';
    // NoSuchUpload: the winner has broken it off, or our own end of it came through and its reply was lost.
    if (s3Status(error) === 409 || code === 'NoSuchUpload') return 'conflict';
    throw error;
  }
}

/** Best effort: the error that led here counts, and a bucket should have a lifecycle rule besides. */
async function abort(place: S3Place, target: Target): Promise<void> {
  await place.send(new AbortMultipartUploadCommand(target)).catch(() => undefined);
}

/** Breaks off all uploads of a key that are under way. A living writer begins anew, unless there is an object by then. Best effort. */
export async function abortOthers(place: S3Place, key: string): Promise<void> {
  const { Bucket, Key } = place.at(key);
  try {
    const { Uploads = [] } = await place.send(new ListMultipartUploadsCommand({ Bucket, Prefix: Key }));
    const same = Uploads.filter((one) => one.Key === Key);
    for (const { UploadId } of same) await abort(place, { Bucket, Key, UploadId });
  } catch {
    // Not allowed to list them, or the server can't.
  }
}

/** Lets the server check what arrived. */
function check(place: S3Place, bytes: Uint8Array): { ChecksumSHA256: string } | { ContentMD5: string } {
  const digest = (name: string): string => createHash(name).update(bytes).digest('base64');
  return place.checksum === 'SHA256' ? { ChecksumSHA256: digest('sha256') } : { ContentMD5: digest('md5') };
}
