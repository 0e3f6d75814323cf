import { expect, it } from 'vitest';
import { isAllowedUrl } from '../../../src/providers/http/allowed-url.js';

const VENDOR = 'https://platform.reducto.ai';
const SANDBOX = 'http://127.0.0.1:8080/reducto';
it.each([
  ['https://bucket.s3.amazonaws.com/r?X-Amz-Signature=1', VENDOR, true],
  ['http://bucket.s3.amazonaws.com/r', VENDOR, false],
  ['http://127.0.0.1/r', VENDOR, false],
  ['http://localhost/r', VENDOR, false],
  ['http://127.0.0.1:9000/r', SANDBOX, true],
  ['http://localhost:9000/r', 'http://[::1]:1', true],
  ['http://127.evil.example/r', SANDBOX, false],
  ['http://bucket.example/r', SANDBOX, false],
  ['ftp://127.0.0.1/r', SANDBOX, false],
  ['file:///etc/passwd', SANDBOX, false],
  ['/r', SANDBOX, false],
])('%s of %s: %s', (url, baseUrl, allowed) => {
  expect(isAllowedUrl(url, baseUrl)).toBe(allowed);
});
