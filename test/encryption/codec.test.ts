import { execFile } from 'node:child_process';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { defaultPayloadConverter, METADATA_ENCODING_KEY, type Payload } from '@temporalio/common';
import proto from '@temporalio/proto';
import { describe, expect, it } from 'vitest';
import { AesGcmCodec } from '../../examples/encryption/aes-gcm-codec.js';
import { createCodecServer } from '../../examples/encryption/codec-server.js';
import { type KeyRing, keysOf } from '../../examples/encryption/key-ring.js';
import { makeCanaries, scan } from '../support/canaries.js';

const { Payloads } = proto.temporal.api.common.v1;
const { word } = makeCanaries(['word'] as const, 'c');
const keyOf = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const ring = (current: string, ...ids: number[]): KeyRing => ({
  current,
  keys: Object.fromEntries(ids.map((id) => [`k${id}`, keyOf(id)])),
});
const payloadOf = (value: unknown): Payload => defaultPayloadConverter.toPayload(value);
const valueOf = (payload: Payload | undefined): unknown =>
  payload && defaultPayloadConverter.fromPayload<unknown>(payload);

async function sealed(codec: AesGcmCodec, value: unknown = { word }): Promise<Payload> {
  const [payload] = await codec.encode([payloadOf(value)]);
  if (payload === undefined) throw new Error('no payload');
  return payload;
}

describe('the codec', () => {
  it('encrypts a payload whole, differently each time, and gives it back', async () => {
    const codec = new AesGcmCodec(ring('k1', 1));
    const [one, other] = [await sealed(codec), await sealed(codec)];
    expect(Object.keys(one.metadata ?? {})).toEqual([METADATA_ENCODING_KEY, 'encryption-key-id']);
    expect(scan('payload', one.data ?? '', { word, inner: 'json/plain' })).toEqual([]);
    expect(one.data).not.toEqual(other.data);
    expect((await codec.decode([one, other])).map(valueOf)).toEqual([{ word }, { word }]);
    expect(await codec.encode([])).toEqual([]);
  });

  it('passes what is not encrypted', async () => {
    const plain = payloadOf('from before');
    expect(await new AesGcmCodec(ring('k1', 1)).decode([plain])).toEqual([plain]);
  });

  it('goes on reading after a rotation, and writes with the new key', async () => {
    const old = await sealed(new AesGcmCodec(ring('k1', 1)));
    const rotated = new AesGcmCodec(ring('k2', 1, 2));
    const fresh = await sealed(rotated);
    expect((await rotated.decode([old, fresh])).map(valueOf)).toEqual([{ word }, { word }]);
    await expect(new AesGcmCodec(ring('k2', 2)).decode([old])).rejects.toThrow(/key "k1".* has only: k2/);
    await expect(new AesGcmCodec(ring('k1', 1)).decode([fresh])).rejects.toThrow(/key "k2"/);
  });

  it.each<[string, (data: Uint8Array) => Uint8Array]>([
    ['the nonce', (data) => flip(data, 0)],
    ['the text', (data) => flip(data, 20)],
    ['the tag', (data) => flip(data, data.length - 1)],
    ['the length', (data) => data.subarray(0, 27)],
    ['all of it', () => new Uint8Array()],
  ])('notices a change of %s', async (_what, change) => {
    const codec = new AesGcmCodec(ring('k1', 1));
    const payload = await sealed(codec);
    const changed = { ...payload, data: change(payload.data ?? new Uint8Array()) };
    await expect(codec.decode([changed])).rejects.toThrow(/can't be decrypted with the key "k1"/);
  });

  it('notices that another key id was written over it, even for the same key', async () => {
    const codec = new AesGcmCodec({ current: 'k1', keys: { k1: keyOf(1), twin: keyOf(1) } });
    const payload = await sealed(codec);
    const renamed = { ...payload, metadata: { ...payload.metadata, 'encryption-key-id': Buffer.from('twin') } };
    await expect(codec.decode([renamed])).rejects.toThrow(/changed/);
  });
});

const flip = (data: Uint8Array, at: number): Uint8Array => data.map((byte, index) => (index === at ? byte ^ 1 : byte));

describe('a key ring from elsewhere', () => {
  it('is asked now and then, and at once for a key that it did not have', async () => {
    const clock = { now: 0 };
    const answers = [ring('k1', 1), ring('k2', 1, 2), ring('k3', 1, 2, 3)];
    let asked = 0;
    const keys = keysOf(
      async () => answers[Math.min(asked++, 2)] as KeyRing,
      () => clock.now,
    );
    const currents = await Promise.all([keys.current(), keys.current()]);
    expect([currents.map(({ id }) => id), asked]).toEqual([['k1', 'k1'], 1]);
    clock.now += 10_000;
    expect([(await keys.find('k2')).id, asked]).toEqual(['k2', 2]);
    await expect(keys.find('k9')).rejects.toThrow('key "k9", and the key ring has only: k1, k2');
    expect(asked).toBe(2);
    clock.now += 5 * 60_000;
    expect([(await keys.current()).id, asked]).toEqual(['k3', 3]);
  });

  it('is asked again after it has failed', async () => {
    let asked = 0;
    const keys = keysOf(() => {
      if (asked++ === 0) throw new Error('KMS is down');
      return ring('k1', 1);
    });
    await expect(keys.current()).rejects.toThrow('KMS is down');
    expect((await keys.current()).id).toBe('k1');
  });

  it.each([
    ['a key of the wrong length', { current: 'k', keys: { k: new Uint8Array(16) } }, 'Key "k": expected 32 bytes'],
    ['no current key', { current: 'k2', keys: { k1: keyOf(1) } }, 'lacks its current key "k2"'],
  ])('with %s is refused', async (_what, given, words) => {
    await expect(keysOf(given).current()).rejects.toThrow(words);
  });
});

describe('the codec server', () => {
  it('decrypts for whom it may, and tells others nothing', async () => {
    const codec = new AesGcmCodec(ring('k1', 1));
    const mayDecode = ({ headers }: IncomingMessage): boolean => headers.authorization === 'yes';
    const server = createCodecServer({ codec, uiOrigin: 'https://temporal.example.com', mayDecode }).listen(
      0,
      '127.0.0.1',
    );
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      const body = JSON.stringify(Payloads.fromObject({ payloads: [await sealed(codec)] }).toJSON());
      const ask = (
        path: string,
        authorization: string,
        method = 'POST',
        sent: string | null = body,
      ): Promise<Response> =>
        fetch(url + path, { method, headers: { authorization }, ...(method === 'POST' ? { body: sent } : {}) });
      const good = await ask('/decode', 'yes');
      expect(good.headers.get('access-control-allow-origin')).toBe('https://temporal.example.com');
      const { payloads } = Payloads.fromObject((await good.json()) as object);
      expect(payloads.map((payload) => valueOf(payload))).toEqual([{ word }]);
      expect((await ask('/decode', 'no')).status).toBe(403);
      expect((await ask('/other', 'yes')).status).toBe(404);
      expect((await ask('/decode', 'no', 'OPTIONS')).status).toBe(204);
      const damaged = await ask('/decode', 'yes', 'POST', 'nonsense');
      expect([damaged.status, await damaged.text()]).toEqual([400, '']);
    } finally {
      server.close();
    }
  });
});

it('the example runs as its README says', { timeout: 120_000 }, async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', 'examples/encryption/run.ts']);
  expect(stdout).toContain('document-1 is readable after the rotation');
  expect(stdout).toContain('was encrypted with the key "2026-10", and the key ring has only: 2026-11');
  expect(stdout).toContain('"INV-4711" stands 0 times in Temporal\'s database');
});
