import { ExternalStorage, type Payload, StorageDriverClaim, type StorageDriver } from '@temporalio/common';
import { expect, it } from 'vitest';
import { retrieved } from '../../src/histories/external-payload.js';

const bytes = (words: string): Uint8Array => new TextEncoder().encode(words);
const kept: Payload = { metadata: { encoding: bytes('json/plain') }, data: bytes('"kept"') };
const driver = (name: string): StorageDriver => ({
  name,
  type: name,
  store: async () => [new StorageDriverClaim({ key: 'k' })],
  retrieve: async (_context, claims) => claims.flatMap(({ claimData }) => (claimData.key === 'k' ? [kept] : [])),
});
const storage = { externalStorage: new ExternalStorage({ drivers: [driver('mine')] }) };
const reference = (driverName: string, key: string): Payload => ({
  metadata: {
    encoding: bytes('json/protobuf'),
    messageType: bytes('temporal.api.sdk.v1.ExternalStorageReference'),
  },
  data: bytes(JSON.stringify({ driverName, claimData: { key } })),
});

it('passes what is a payload itself', async () => {
  expect(await retrieved(kept, {})).toBe(kept);
  expect(await retrieved({}, storage)).toEqual({});
});

it('fetches what a reference stands for', async () => {
  expect(await retrieved(reference('mine', 'k'), storage)).toBe(kept);
});

it.each([
  ['no storage', 'mine', 'k', {}, /external storage "mine", which is not set here/],
  ['another driver', 'theirs', 'k', storage, /external storage "theirs", which is not set here/],
  ['a storage that has it no more', 'mine', 'gone', storage, /"mine" gave no payload/],
])('says what is missing: %s', async (_what, name, key, converter, words) => {
  await expect(retrieved(reference(name, key), converter)).rejects.toThrow(words);
});
