import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FileForm } from '../../../src/providers/http/file-form.js';
import type { DocumentFile } from '../../../src/providers/provider.js';

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'file-form-'))));
afterAll(() => rm(folder, { recursive: true }));

async function fileOf(content: string | Uint8Array, filename = 'a.pdf'): Promise<DocumentFile> {
  const path = join(folder, 'document');
  await writeFile(path, content);
  return { path, filename, size: content.length, contentType: 'application/pdf' };
}

/** The bytes that are sent, in front of what any program makes of them. */
async function sentBy(form: FileForm): Promise<{ body: Buffer; parsed: FormData }> {
  const chunks: Buffer[] = [];
  for await (const chunk of form.stream) chunks.push(chunk as Buffer);
  form.close();
  const body = Buffer.concat(chunks);
  expect(form.headers['content-length']).toBe(String(body.length));
  return { body, parsed: await new Response(body, { headers: form.headers }).formData() };
}

describe('a form with a file', () => {
  it.each([
    ['plain.pdf', 'plain.pdf'],
    ['rechnung ü ﷽ 😀.pdf', 'rechnung ü ﷽ 😀.pdf'],
    ['a"; name="other"; x=".pdf', 'a%22; name=%22other%22; x=%22.pdf'],
    ['a\r\nContent-Type: text/html\r\n\r\n.pdf', 'a%0D%0AContent-Type: text/html%0D%0A%0D%0A.pdf'],
    ['back\\slash.pdf', 'back\\slash.pdf'],
  ])('has the file under its name %j', async (filename, written) => {
    const content = new Uint8Array(300_000).map((_, index) => index % 251);
    const { body, parsed } = await sentBy(await FileForm.open(await fileOf(content, filename)));
    expect([...parsed.keys()]).toEqual(['file']);
    const file = parsed.get('file') as File;
    expect(file.type).toBe('application/pdf');
    expect(new Uint8Array(await file.arrayBuffer())).toEqual(content);
    expect(body.subarray(0, 400).toString()).toContain(`; name="file"; filename="${written}"\r\n`);
  });

  it('has its fields as they are, but for line ends', async () => {
    const fields = { async: 'true', text: 'one\ntwo\r\nthree\rfour', empty: '', 'odd "name"': '--form-\r\n--' };
    const { parsed } = await sentBy(await FileForm.open(await fileOf('x'), fields));
    expect(Object.fromEntries([...parsed].slice(1))).toMatchObject({
      async: 'true',
      text: 'one\r\ntwo\r\nthree\r\nfour',
      empty: '',
    });
    expect([...parsed]).toHaveLength(5);
    expect([...parsed.values()].at(-1)).toBe('--form-\r\n--');
  });

  it('is empty where the file is', async () => {
    const { parsed } = await sentBy(await FileForm.open(await fileOf('')));
    expect((parsed.get('file') as File).size).toBe(0);
  });

  it('has as much of the file as it had when it was opened', async () => {
    const file = await fileOf('12345');
    const form = await FileForm.open(file);
    await writeFile(file.path, '1234567890');
    expect(await ((await sentBy(form)).parsed.get('file') as File).text()).toBe('12345');
    const shorter = await FileForm.open(file);
    await truncate(file.path, 3);
    await expect(sentBy(shorter)).rejects.toThrow('the file has become shorter');
    shorter.close();
  });
});

it('of no file is none', async () => {
  const missing = { ...(await fileOf('x')), path: join(folder, 'none') };
  await expect(FileForm.open(missing)).rejects.toMatchObject({ code: 'ENOENT' });
});

it('may be closed twice, and without being sent', async () => {
  const form = await FileForm.open(await fileOf('x'));
  form.close();
  form.close();
  await expect.poll(() => form.stream.closed).toBe(true);
});
