import { describe, expect, it } from 'vitest';
import { sniffDocument } from '../../src/activities/sniff-document.js';

const latin1 = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const zip = (name: string): Uint8Array => latin1(`PK\x03\x04${'\0'.repeat(26)}${name}`);

describe('sniffDocument takes', () => {
  it.each<[string, Uint8Array, string]>([
    ['a.pdf', latin1('%PDF-1.7\n\x00\x01'), 'a PDF'],
    ['a.pdf', latin1(`${'\n'.repeat(500)}%PDF-1.4`), 'a PDF'],
    ['a.PDF', latin1('%PDF-1.7'), 'a PDF'],
    ['scan', latin1('%PDF-1.7'), 'a PDF'],
    ['a.png', latin1('\x89PNG\r\n\x1a\n\0\0'), 'a PNG image'],
    ['a.jpg', latin1('\xff\xd8\xff\xe0\0'), 'a JPEG image'],
    ['a.tif', latin1('II*\0\x08'), 'a TIFF image'],
    ['a.heic', latin1('\0\0\0\x18ftypheic\0'), 'a HEIC image'],
    ['a.docx', zip('[Content_Types].xml'), 'an Office document'],
    ['a.xlsx', zip('xl/workbook.xml'), 'an Office document'],
    ['a.odt', zip('mimetypeapplication/vnd.oasis.opendocument.text'), 'an Office document'],
    ['a.doc', latin1('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0'), 'an old Office document'],
    ['locked.docx', latin1('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0'), 'an old Office document'],
    ['a.rtf', latin1('{\\rtf1'), 'an RTF document'],
    ['a.txt', Buffer.from('Grüße, 東京\n'), 'text'],
    ['a.txt', latin1('\xff\xfeh\0i\0'), 'text'],
    ['a.html', latin1('<!DOCTYPE html><p>'), 'an HTML page'],
    ['a.pcx', latin1('\x0a\x05\x01\0\0'), 'a pcx file'],
  ])('%s', (name, head, description) => {
    expect(sniffDocument(name, head)).toMatchObject({ description, refusal: null });
  });
});

describe('sniffDocument refuses', () => {
  it.each<[string, Uint8Array, string]>([
    ['a.pdf', latin1(''), 'empty'],
    ['a.pdf', latin1('\x89PNG\r\n\x1a\n\0'), 'a PNG image'],
    ['a.pdf', latin1('just some text'), 'text'],
    ['a.pdf', latin1('<html>login</html>'), 'an HTML page'],
    ['a.pdf', zip('word/document.xml'), 'an Office document'],
    ['a.docx', zip('photos/1.jpg'), 'a zip archive'],
    ['a.docx', latin1('%PDF-1.7'), 'a PDF'],
    ['a.zip', zip('photos/1.jpg'), 'a zip archive'],
    ['a.gz', latin1('\x1f\x8b\x08\0'), 'a gzip archive'],
    ['a', latin1('\x7fELF\x02\x01\0'), 'a program'],
    ['a.mp4', latin1('\0\0\0\x18ftypmp42\0'), 'audio or video'],
    ['a.bin', latin1('\0\x01\x02\x03'), 'binary data of an unknown kind'],
  ])('%s', (name, head, description) => {
    const sniffed = sniffDocument(name, head);
    expect(sniffed.description).toBe(description);
    expect(sniffed.refusal).toContain(description);
  });
});
