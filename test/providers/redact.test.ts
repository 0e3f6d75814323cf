import { expect, it } from 'vitest';
import { redact } from '../../src/providers/redact.js';

it.each([
  ['the key in use', 'bad key sk-live-1 given', ['sk-live-1'], 'bad key … given'],
  ['a bearer header', 'Authorization: Bearer abc.def-123', [], 'Authorization: Bearer …'],
  [
    'a signed URL',
    'no access to https://b.s3.amazonaws.com/k.pdf?X-Amz-Signature=ab12&a=b now',
    [],
    'no access to https://b.s3.amazonaws.com/k.pdf?… now',
  ],
  ['a fragment', 'see "https://host/x#token"', [], 'see "https://host/x?…"'],
  ['credentials in a URL', 'fetch http://user:pw@host/x failed', [], 'fetch http://host/x failed'],
  ['a parameter without its URL', 'X-Amz-Credential=AKIA123/eu&sig=ab%2F', [], 'X-Amz-Credential=…&sig=…'],
  ["Google's parameters without their URL", 'X-Goog-Signature=ab12&a=b', [], 'X-Goog-Signature=…&a=b'],
  [
    'a signed URL that is written as a parameter',
    'url=https%3A%2F%2Fh%2Fk%3Fsig%3Dab',
    [],
    'url=https%3A%2F%2Fh%2Fk%3Fsig%3D…',
  ],
  ['credentials of another protocol', 'postgres://user:p@w@host/db', [], 'postgres://host/db'],
  ['JSON within JSON', 'body: {\\"password\\":\\"hunter 2\\",\\"a\\":1}', [], 'body: {\\"password\\":…,\\"a\\":1}'],
  ['another scheme than Bearer', 'Authorization: Token abc', [], 'Authorization: Token …'],
  ['a JWT', 'got eyJhbGciOiJIUzI1NiJ9.eyJzdWIi.sig-7 back', [], 'got … back'],
  ['a private key', 'x -----BEGIN KEY-----\nMIIE\n-----END KEY----- y', [], 'x … y'],
  ['a data URL', 'image data:image/png;base64,iVBORw0= here', [], 'image data:image/png;base64,… here'],
  ['a blob in lines', `got ${'A'.repeat(76)}\n${'A'.repeat(76)}\nQUJD=`, [], 'got …'],
  ['a password in JSON', '{"document_password":"hunter 2","a":1}', [], '{"document_password":…,"a":1}'],
  ['a token in prose', 'access_token: abc', [], 'access_token: …'],
  ['a blob', `got ${'A'.repeat(80)}== instead`, [], 'got … instead'],
  ['line breaks', 'one\n  two\t', [], 'one two'],
  ['an empty secret, which is none', 'words', [''], 'words'],
])('removes %s', (_what, text, secrets, clean) => {
  expect(redact(text, secrets)).toBe(clean);
});

it('does not search through a whole document that came in place of an error', () => {
  expect(redact(`${'-a'.repeat(20_000_000)} sk-1`, ['sk-1'])).toBe('-…');
});

it('shortens to 300 characters', () => {
  const clean = redact('word '.repeat(100));
  expect(clean).toHaveLength(300);
  expect(clean.endsWith('…')).toBe(true);
});
