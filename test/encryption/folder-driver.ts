import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Payload, StorageDriverClaim, type StorageDriver } from '@temporalio/common';
import proto from '@temporalio/proto';

const { Payload: PayloadProto } = proto.temporal.api.common.v1;

/** Temporal's external storage in a folder: one file a payload, named after its content. */
export function folderDriver(folder: string): StorageDriver {
  return {
    name: 'test.folder',
    type: 'test.folder',
    store: (_context, payloads) => Promise.all(payloads.map(store)),
    retrieve: (_context, claims) => Promise.all(claims.map(retrieve)),
  };

  async function store(payload: Payload): Promise<StorageDriverClaim> {
    const bytes = PayloadProto.encode(payload).finish();
    const key = createHash('sha256').update(bytes).digest('hex');
    await writeFile(join(folder, key), bytes);
    return new StorageDriverClaim({ key });
  }

  async function retrieve({ claimData }: StorageDriverClaim): Promise<Payload> {
    return PayloadProto.decode(await readFile(join(folder, claimData.key ?? '')));
  }
}
