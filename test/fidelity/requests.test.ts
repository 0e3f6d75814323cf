import { describe, expect, it } from 'vitest';
import { differences, unexplained } from '../../scripts/fidelity/requests/differences.js';
import { factsOf } from '../../scripts/fidelity/requests/seen-request.js';

const seen = (body: string, headers: Record<string, string> = {}, url = '/extract') => ({
  method: 'POST',
  url,
  headers,
  body,
});

const form = (...parts: string[]): string =>
  [...parts.map((part) => `--b\r\nContent-Disposition: form-data; name=${part}\r\n`), '--b--\r\n'].join('');
const FORM = { 'content-type': 'multipart/form-data; boundary=b' };

describe('a request field by field', () => {
  it('JSON, its query in any order', async () => {
    const request = seen(
      '{"a":{"b":[1,{"c":2}],"d":{}}}',
      { 'content-type': 'application/json; charset=utf-8' },
      '/x?p=1&o=2',
    );
    expect(await factsOf(request, false)).toEqual({
      method: 'POST',
      path: '/x',
      'query.p': '1',
      'query.o': '2',
      key: null,
      type: 'application/json',
      'body.a.b': [1, { c: 2 }],
      'body.a.d': {},
    });
  });

  it('a form, whose fields are text, typed or not, and may have other names', async () => {
    const body = form(
      '"file"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\nwords',
      '"figureProcessing"\r\nContent-Type: application/json\r\n\r\n{"showImages":true}',
      '"async"\r\n\r\ntrue',
      '"pages"\r\n\r\n1-2',
    );
    expect(await factsOf(seen(body, { ...FORM, 'x-api-key': 'k' }), true)).toEqual({
      method: 'POST',
      path: '/extract',
      key: 'k',
      type: 'multipart/form-data',
      'body.file.name': 'a.txt',
      'body.file.type': 'text/plain',
      'body.file.text': 'words',
      'body.figure_processing.showImages': true,
      'body.async': true,
      'body.pages': '1-2',
    });
    expect(await factsOf(seen(form('"aB"\r\n\r\n1'), FORM), false)).toMatchObject({ 'body.aB': 1 });
  });

  it('nothing in the body', async () => {
    expect(await factsOf(seen('', { authorization: 'Bearer k' }), false)).toEqual({
      method: 'POST',
      path: '/extract',
      key: 'Bearer k',
      type: null,
    });
  });
});

describe('differences', () => {
  const found = differences('pulse', 'parse', { a: 1, b: [1], c: 2 }, { a: 1, b: [2], d: null });

  it('are what is missing on one side or is another', () => {
    expect(found).toEqual([
      { vendor: 'pulse', call: 'parse', field: 'b', ours: [1], theirs: [2] },
      { vendor: 'pulse', call: 'parse', field: 'c', ours: 2, theirs: undefined },
      { vendor: 'pulse', call: 'parse', field: 'd', ours: undefined, theirs: null },
    ]);
  });

  it('are explained by a row with the same values, and a row must explain one', () => {
    const why = 'because';
    const [b, c, d] = found;
    const known = [
      { ...b!, why },
      { ...c!, ours: 3, why },
      { ...d!, vendor: 'reducto' as const, why },
    ];
    expect(unexplained(found, known)).toEqual({ unknown: [c, d], stale: known.slice(1) });
  });
});
