import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { METADATA_ENCODING_KEY, type Payload, type PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';
import { type Key, type KeyRingSource, type Keys, keysOf } from './key-ring.js';

const { Payload: PayloadProto } = proto.temporal.api.common.v1;

/** Shown by Temporal's UI, and how a payload of ours is known. */
const ENCODING = 'binary/encrypted';
const KEY_ID = 'encryption-key-id';
const ALGORITHM = 'aes-256-gcm';
/** Random, and new for each payload: the same nonce twice under one key gives both texts away. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Encrypts each payload whole, its own metadata included: with the current key, whose id stands in the open. Decrypts with whichever key that
 * names. What is not encrypted passes: payloads from before the codec was there.
 */
export class AesGcmCodec implements PayloadCodec {
  readonly #keys: Keys;

  constructor(ring: KeyRingSource) {
    this.#keys = keysOf(ring);
  }

  async encode(payloads: Payload[]): Promise<Payload[]> {
    if (payloads.length === 0) return [];
    const key = await this.#keys.current();
    return payloads.map((payload) => encrypt(payload, key));
  }

  async decode(payloads: Payload[]): Promise<Payload[]> {
    return Promise.all(
      payloads.map(async (payload) => {
        if (text(payload.metadata?.[METADATA_ENCODING_KEY]) !== ENCODING) return payload;
        return decrypt(payload, await this.#keys.find(text(payload.metadata?.[KEY_ID])));
      }),
    );
  }
}

function encrypt(payload: Payload, { id, bytes }: Key): Payload {
  const metadata = { [METADATA_ENCODING_KEY]: utf8(ENCODING), [KEY_ID]: utf8(id) };
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, bytes, nonce, { authTagLength: TAG_BYTES }).setAAD(authenticated(id));
  const plain = PayloadProto.encode(payload).finish();
  return { metadata, data: Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]) };
}

function decrypt({ data }: Payload, { id, bytes }: Key): Payload {
  const sealed = data ?? new Uint8Array();
  if (sealed.byteLength < NONCE_BYTES + TAG_BYTES) throw damaged(id);
  const tagAt = sealed.byteLength - TAG_BYTES;
  const nonce = sealed.subarray(0, NONCE_BYTES);
  const cipher = createDecipheriv(ALGORITHM, bytes, nonce, { authTagLength: TAG_BYTES })
    .setAAD(authenticated(id))
    .setAuthTag(sealed.subarray(tagAt));
  try {
    return PayloadProto.decode(Buffer.concat([cipher.update(sealed.subarray(NONCE_BYTES, tagAt)), cipher.final()]));
  } catch {
    throw damaged(id);
  }
}

/** What stands in the open is signed along: a payload that is said to be another one's does not decrypt. */
const authenticated = (keyId: string): Buffer => Buffer.from(JSON.stringify([ENCODING, KEY_ID, keyId]));

const damaged = (id: string): Error =>
  new Error(`A payload can't be decrypted with the key "${id}": it was changed, or another key had that id`);

const text = (bytes: Uint8Array | null | undefined): string => Buffer.from(bytes ?? []).toString('utf8');
const utf8 = (words: string): Uint8Array => new TextEncoder().encode(words);
