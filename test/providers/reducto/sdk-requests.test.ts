import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Reducto, { toFile } from 'reductoai';
import { expect, it } from 'vitest';
import type { Provider } from '../../../src/providers/provider.js';
import { reducto } from '../../../src/providers/reducto/index.js';
import { type Seen, serveVendor } from './vendor-server.js';

const url = 'https://h/a.pdf';
const parsed = 'jobid://j1';
const marker = { documentJobs: { marker: 'm1' } };
const schema = { type: 'object', properties: { total: { type: 'number' } } };
const words = 'Total: 12.50';
/** Newer than the SDK's types, which is why it is added to bodies that are checked against them. */
const model = (settings: object): object => ({ ...settings, model: 'r-1' });

type Call<C> = (client: C) => Promise<unknown>;

const submit =
  (request: Parameters<Provider['submit']>[0]): Call<Provider> =>
  (provider) =>
    provider.submit(request, 'm1', {});

async function upload(provider: Provider): Promise<unknown> {
  const folder = await mkdtemp(join(tmpdir(), 'sdk-upload-'));
  try {
    const path = join(folder, 'note.txt');
    await writeFile(path, words);
    return await provider.upload?.({ path, filename: 'note.txt', contentType: 'text/plain', size: words.length }, {});
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What matters to the vendor: neither client's own headers, nor how JSON is laid out, nor the boundary. */
function essence({ method, url: path, headers, body }: Seen): object {
  const type = headers['content-type'] ?? '';
  const boundary = /boundary=(\S+)/.exec(type)?.[1];
  return {
    method,
    path,
    authorization: headers.authorization,
    type: method === 'GET' ? '' : type.replace(/;.*/, ''),
    body:
      boundary !== undefined
        ? body.replaceAll(boundary, 'BOUNDARY').trim()
        : body === ''
          ? ''
          : (JSON.parse(body) as unknown),
  };
}

it.each([
  [
    'upload',
    upload,
    async (sdk) => sdk.upload({ file: await toFile(Buffer.from(words), 'note.txt', { type: 'text/plain' }) }),
  ],
  [
    'parse',
    submit({
      operation: 'parse',
      input: url,
      pages: { start: 1, end: 2 },
      options: { retrieval: { chunking: { chunk_mode: 'page' } }, settings: { return_ocr_data: true } },
    }),
    (sdk) =>
      sdk.parse.runJob({
        input: url,
        retrieval: { chunking: { chunk_mode: 'page' } },
        settings: model({ page_range: { start: 1, end: 2 }, return_ocr_data: true }),
        async: { metadata: marker },
      }),
  ],
  [
    'parse with a webhook',
    submit({
      operation: 'parse',
      input: url,
      options: { async: { priority: true, metadata: { mine: 1 }, webhook: { mode: 'svix', channels: ['a'] } } },
    }),
    (sdk) =>
      sdk.parse.runJob({
        input: url,
        settings: model({}),
        async: { priority: true, metadata: { mine: 1, ...marker }, webhook: { mode: 'svix', channels: ['a'] } },
      }),
  ],
  [
    'extract',
    submit({
      operation: 'extract',
      input: parsed,
      schema,
      options: { instructions: { system_prompt: 'p' }, settings: { citations: { enabled: true } } },
    }),
    (sdk) =>
      sdk.extract.runJob({
        input: parsed,
        instructions: { schema, system_prompt: 'p' },
        settings: { citations: { enabled: true } },
        async: { metadata: marker },
      }),
  ],
  [
    'extract of a file',
    submit({ operation: 'extract', input: url, schema }),
    (sdk) =>
      sdk.extract.runJob({
        input: url,
        parsing: { settings: model({}) },
        instructions: { schema },
        async: { metadata: marker },
      }),
  ],
  [
    'split',
    submit({
      operation: 'split',
      input: parsed,
      sections: [{ name: 'A', description: 'about a' }],
      options: { settings: { table_cutoff: 'preserve' } },
    }),
    (sdk) =>
      sdk.split.runJob({
        input: parsed,
        split_description: [{ name: 'A', description: 'about a' }],
        settings: { table_cutoff: 'preserve' },
        async: { metadata: marker },
      }),
  ],
  [
    'pipeline',
    submit({ operation: 'pipeline', input: url, options: { pipeline_id: 'p' } }),
    (sdk) => sdk.pipeline.runJob({ input: url, pipeline_id: 'p', async: { metadata: marker } }),
  ],
  [
    'edit',
    submit({ operation: 'edit', input: url, options: { edit_instructions: 'e' } }),
    (sdk) =>
      sdk.edit.runJob({ document_url: url, edit_instructions: 'e', webhook: { mode: 'disabled', metadata: marker } }),
  ],
  ['get', (provider) => provider.get('j1', 'parse', {}), (sdk) => sdk.job.get('j1')],
  ['cancel', (provider) => provider.cancel('j1', {}), (sdk) => sdk.job.cancel('j1')],
  [
    'list',
    async (provider) => provider.findJob?.('m1', 'parse', '2026-11-24T10:00:00Z', {}),
    (sdk) => sdk.job.getAll({ limit: 500 }),
  ],
  ['probe', (provider) => provider.probe({}), (sdk) => sdk.job.getAll({ limit: 1, exclude_configs: true })],
] as [string, Call<Provider>, Call<Reducto>][])(
  '%s: the same request as the vendor’s own client',
  async (_what, ours, theirs) => {
    await using server = await serveVendor(() => ({
      status: 200,
      body: { job_id: 'j1', file_id: 'reducto://f.txt', status: 'Pending', jobs: [] },
      headers: { 'content-type': 'application/json' },
    }));
    const provider = reducto({ apiKey: 'sk-1', baseUrl: server.url });
    try {
      await ours(provider);
      await theirs(new Reducto({ apiKey: 'sk-1', baseURL: server.url, maxRetries: 0 }));
    } finally {
      await provider.close();
    }
    expect(server.seen).toHaveLength(2);
    const [mine, reference] = server.seen.map(essence);
    expect(mine).toEqual(reference);
  },
);
