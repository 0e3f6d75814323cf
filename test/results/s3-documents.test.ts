import type { S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { s3Documents, type S3DocumentsOptions } from '../../src/results/s3/index.js';
import { all } from '../support/batch-record.js';

interface Listed {
  Key?: string;
  Size?: number;
  ETag?: string;
}

/** A bucket that lists its pages one after the other. */
function bucket(pages: Listed[][]): { client: S3Client; asked: object[] } {
  const asked: object[] = [];
  const send = async ({ input }: { input: { ContinuationToken?: string } }) => {
    asked.push(input);
    const at = Number(input.ContinuationToken ?? 0);
    return { Contents: pages[at], ...(at + 1 < pages.length && { NextContinuationToken: String(at + 1) }) };
  };
  return { client: { send } as unknown as S3Client, asked };
}
const { signal } = new AbortController();
const list = (options: S3DocumentsOptions, args = {}) =>
  all(s3Documents(options)({ bucket: 'b', prefix: 'in/', ...args }, { signal }));

describe('s3Documents', () => {
  it('lists every page, without folders and empty objects', async () => {
    const { client, asked } = bucket([
      [
        { Key: 'in/', Size: 0 },
        { Key: 'in/a b.pdf', Size: 7, ETag: '"e1"' },
        { Key: 'in/empty.pdf', Size: 0 },
      ],
      [{ Key: 'in/c.pdf', Size: 7 }, {}],
    ]);
    expect(await list({ client })).toEqual([
      { id: 's3://b/in/a b.pdf', source: 's3://b/in/a b.pdf', version: 'e1' },
      { id: 's3://b/in/c.pdf', source: 's3://b/in/c.pdf' },
    ]);
    expect(asked).toEqual([
      { Bucket: 'b', Prefix: 'in/' },
      { Bucket: 'b', Prefix: 'in/', ContinuationToken: '1' },
    ]);
  });

  it('tells vendors of objects as it is told, and names them the same', async () => {
    const { client } = bucket([[{ Key: 'in/a.pdf', Size: 1 }]]);
    const sourceOf = async ({ bucket: name, key }: { bucket: string; key: string }) =>
      `https://${name}.example/${key}?sig=1`;
    expect(await list({ client, sourceOf })).toEqual([
      { id: 's3://b/in/a.pdf', source: 'https://b.example/in/a.pdf?sig=1' },
    ]);
  });

  it('keeps ids of long keys short', async () => {
    const { client } = bucket([[{ Key: `in/${'x'.repeat(900)}`, Size: 1 }]]);
    expect((await list({ client }))[0]?.id?.length).toBeLessThanOrEqual(200);
  });

  it.each([
    ['AccessDenied', false],
    ['SlowDown', true],
  ])('says why there is no list: %s', async (name, mayPass) => {
    const send = async () => Promise.reject(Object.assign(new Error('account 123456 at https://x?sig=1'), { name }));
    const listing = list({ client: { send } as unknown as S3Client });
    await expect(listing).rejects.toMatchObject({
      name: 'ManifestError',
      field: 'manifest.bucket',
      message: `the bucket can't be listed (${name})`,
      facts: { mayPass },
    });
  });
});
