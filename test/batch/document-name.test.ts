import { describe, expect, it } from 'vitest';
import { documentIdentity, publicId, withoutSignature } from '../../src/batch/plan/document-name.js';

const base = 'https://bucket.example.com/a/b.pdf';

describe('withoutSignature', () => {
  it.each([
    [
      'S3',
      '?X-Amz-Algorithm=A&X-Amz-Credential=K&X-Amz-Date=D&X-Amz-Expires=9&X-Amz-Signature=S&X-Amz-SignedHeaders=host',
    ],
    ['S3, older', '?AWSAccessKeyId=K&Expires=1&Signature=S'],
    ['Google', '?X-Goog-Algorithm=A&X-Goog-Credential=K&X-Goog-Signature=S'],
    ['Google, older', '?GoogleAccessId=K&Expires=1&Signature=S'],
    ['Azure', '?sv=2024&st=1&se=2&sr=b&sp=r&spr=https&sig=S'],
    ['CloudFront', '?Expires=1&Signature=S&Key-Pair-Id=K&Policy=P'],
    ['a token', '?token=S'],
    ['a fragment', '#page=2'],
    ['an encoded name', '?X%2DAmz%2DSignature=S'],
  ])('drops what %s adds', (_what, query) => {
    expect(withoutSignature(base + query)).toBe(base);
  });

  it('keeps what tells documents apart', () => {
    expect(withoutSignature(`${base}?versionId=3&X-Amz-Signature=S&part=2`)).toBe(`${base}?versionId=3&part=2`);
    expect(withoutSignature(`${base}?expires=never&se=1`)).toBe(`${base}?expires=never&se=1`);
    expect(withoutSignature(`${base}?design=3&%zz=1`)).toBe(`${base}?design=3&%zz=1`);
  });

  it('leaves references and paths alone', () => {
    for (const other of ['reducto://file?x=1', '/data/a?b.pdf', 'file:///a%3F.pdf'])
      expect(withoutSignature(other)).toBe(other);
  });
});

describe('publicId', () => {
  it('shows no query, but tells queries apart', () => {
    const [a, b] = [publicId(`${base}?doc=geheim&sig=1`), publicId(`${base}?doc=other&sig=2`)];
    expect(a).toMatch(/^https:\/\/bucket\.example\.com\/a\/b\.pdf#[0-9a-f]{12}$/);
    expect(a).not.toBe(b);
    expect(publicId(`${base}?doc=geheim&sig=3`)).toBe(a);
  });

  it('cuts what is too long, and tells the cut ones apart', () => {
    const long = (end: string): string => publicId(`https://a.example/${'x'.repeat(400)}${end}`);
    expect(long('1').length).toBeLessThanOrEqual(200);
    expect(long('1')).not.toBe(long('2'));
  });
});

describe('documentIdentity', () => {
  it('is the URL itself where nothing else is known', () => {
    expect(documentIdentity({ source: `${base}?sig=1` })).toBe(base);
    expect(documentIdentity({ source: base, id: base })).not.toBe(base);
    expect(documentIdentity({ source: 'x', id: `${base}?sig=1` })).toBe(
      documentIdentity({ source: 'y', id: `${base}?sig=2` }),
    );
  });
});
