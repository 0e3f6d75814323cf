import { expect, it } from 'vitest';
import { isGone } from '../../../src/providers/http/is-gone.js';
import { VendorError } from '../../../src/providers/vendor-error.js';

const error = new VendorError({ kind: 'rejected', endpoint: 'GET /job/{id}', reason: 'words', sent: true });
const gone = (status: number, text: string) => isGone([404, 410], { status, text, headers: {} }, error);

it.each([
  [404, '{"error":"Job not found"}', true],
  [404, '{}', true],
  [410, '', true],
  [410, '<html>', true],
  [409, '{}', false],
  [500, '{}', false],
])('%i %j: %s', (status, text, expected) => {
  expect(gone(status, text)).toBe(expected);
});

it.each(['', '<html>no such route</html>', 'not found', '[]'])(
  'a 404 of something in between (%j) says nothing',
  (text) => {
    expect(() => gone(404, text)).toThrow(expect.objectContaining({ facts: { ...error.facts, kind: 'server' } }));
  },
);
