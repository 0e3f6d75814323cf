import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type Reducto from 'reductoai';
import { toFile } from 'reductoai';
import type { ParseResponse } from 'reductoai/resources/shared';
import { expect, it } from 'vitest';
import { completed, localFile, NOTE, withSdk } from './sdk-client.js';
import { expectRequired } from './sdk-types.js';

/** What the client takes for a file, and which extension the reference has then. */
const FILES: [string, string, (path: string) => Promise<Reducto.UploadParams>][] = [
  ['toFile of bytes', '.txt', async () => ({ file: await toFile(NOTE, 'note.txt') })],
  ['a read stream', '.txt', async (path) => ({ file: createReadStream(path) })],
  ['toFile of a read stream', '.txt', async (path) => ({ file: await toFile(createReadStream(path)) })],
  ['a File', '.txt', async () => ({ file: new File([new Uint8Array(NOTE)], 'note.txt') })],
  ['a Response', '.txt', async () => ({ file: await toFile(new Response(new Uint8Array(NOTE)), 'note.txt') })],
  ['a name without extension', '', async () => ({ file: await toFile(NOTE, 'note') })],
  ['a dotted extension', '.md', async () => ({ file: await toFile(NOTE, 'note.txt'), extension: '.md' })],
  ['an extension without a dot', '.md', async () => ({ file: await toFile(NOTE, 'note'), extension: 'md' })],
];

it.each(FILES)('%s is uploaded and can be parsed', async (_what, extension, params) => {
  await withSdk({}, async (sdk) => {
    const path = await localFile('note.txt', NOTE);
    const upload: Reducto.Upload = await sdk.upload(await params(path));
    expectRequired(upload, 'Upload');
    expect(upload).toEqual({
      file_id: expect.stringMatching(new RegExp(`^reducto://[0-9a-f-]{36}${extension}$`)) as string,
      presigned_url: null,
    });
    const { result } = (await sdk.parse.run({ input: upload })) as ParseResponse;
    expect((result as ParseResponse.FullResult).chunks[0]!.content).toContain('12.50');
  });
});

it.each([
  ['a path', async (path: string) => ({ file: path })],
  ['raw bytes', async (path: string) => ({ file: (await readFile(path)) as never })],
  ['nothing', async () => ({})],
])(
  '%s is no file: there is a presigned URL, and nothing behind the reference until it is used',
  async (_what, params) => {
    await withSdk({}, async (sdk) => {
      const path = await localFile('note.txt', NOTE);
      const upload: Reducto.Upload = await sdk.upload(await params(path));
      await expect(sdk.parse.runJob({ input: upload })).rejects.toMatchObject({ status: 404 });
      expect((await fetch(upload.presigned_url!, { method: 'PUT', body: new Uint8Array(NOTE) })).status).toBe(200);
      const { job_id } = await sdk.parse.runJob({ input: upload.file_id });
      expect((await completed(sdk, job_id)).num_pages).toBe(1);
    });
  },
);
