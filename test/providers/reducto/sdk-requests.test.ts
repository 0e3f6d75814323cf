import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Reducto, { toFile } from 'reductoai';
import { describe, expect, it } from 'vitest';
import type { Provider } from '../../../src/providers/provider.js';
import { reducto } from '../../../src/providers/reducto/index.js';
import { type Seen, serveVendor } from '../vendor-server.js';
import { SDK_DIFFERENCES } from './sdk-differences.js';
import { wanted } from './wanted.js';

const url = 'https://h/a.pdf';
const parsed = 'jobid://j1';
const schema = { type: 'object', properties: { total: { type: 'number' } } };
const words = 'Total: 12.50';
const groups = {
  enhance: { agentic: [{ scope: 'table' as const, prompt: 'p' }], summarize_figures: false },
  retrieval: { chunking: { chunk_mode: 'page' as const, chunk_size: 900 }, filter_blocks: ['Footer' as const] },
  formatting: { add_page_markers: true, table_output_format: 'html' as const, include: ['comments' as const] },
  spreadsheet: { clustering: 'fast' as const, split_large_tables: { enabled: true, size: 20 } },
  settings: { return_images: ['figure' as const], timeout: 60, force_file_extension: '.pdf', persist_results: true },
};
const queue = {
  queue_priority: 'batch' as const,
  async: { priority: true, metadata: { mine: 1 }, webhook: { mode: 'svix' as const, channels: ['a'] } },
};
const edit_options = { color: '#00FF00', flatten: true };
const categories = { classification_schema: [{ category: 'a', criteria: ['b'] }], document_metadata: 'm' };

type Call<C> = (client: C) => Promise<unknown>;

const submit =
  (request: Parameters<Provider['submit']>[0]): Call<Provider> =>
  (provider) =>
    provider.submit(request, { marker: 'm1' }, {});

async function upload(provider: Provider, size: number): Promise<unknown> {
  const folder = await mkdtemp(join(tmpdir(), 'sdk-upload-'));
  try {
    const path = join(folder, 'note.txt');
    await writeFile(path, words);
    return await provider.upload?.({ path, filename: 'note.txt', contentType: 'text/plain', size }, {});
  } finally {
    await rm(folder, { recursive: true });
  }
}

type Flat = Record<string, unknown>;

/** Not the client's doing: whom it talks to, and how the bytes of the same body are laid out. */
const CONNECTION = new Set(['host', 'connection', 'content-length', 'transfer-encoding', 'x-seen-bytes']);

/** A request field by field: `method`, `path`, `query.<name>`, `header.<name>`, `body.<path>`. */
function fieldsOf({ method, url: target, headers, body }: Seen): Flat {
  const { pathname: path, searchParams } = new URL(target, 'http://h');
  const query = Object.fromEntries([...searchParams].map(([name, value]) => [`query.${name}`, value]));
  const boundary = /boundary=(\S+)/.exec(headers['content-type'] ?? '')?.[1];
  const unbound = (text: string): string => (boundary === undefined ? text : text.replaceAll(boundary, 'BOUNDARY'));
  const kept = Object.entries(headers).filter(([name]) => !CONNECTION.has(name));
  const shown = kept.map(([name, value]) => [
    `header.${name.replace(/^x-stainless-.*/, 'x-stainless-*')}`,
    name.startsWith('x-stainless-') ? 'any' : unbound(String(value)),
  ]);
  const content =
    boundary === undefined && body !== '' ? flatten('body', JSON.parse(body)) : { body: unbound(body).trim() };
  return { method, path, ...query, ...(Object.fromEntries(shown) as Flat), ...content };
}

/** Leaves by their path; an empty object or list is a leaf. */
function flatten(path: string, value: unknown): Flat {
  const isBranch = typeof value === 'object' && value !== null && Object.keys(value).length > 0;
  // What stands below the marker is the marker.
  if (!isBranch || path.endsWith('.documentJobs')) return { [path]: value };
  return Object.assign({}, ...Object.entries(value).map(([key, inner]) => flatten(`${path}.${key}`, inner))) as Flat;
}

function differences(ours: Flat, theirs: Flat): { field: string; ours: string }[] {
  const fields = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])];
  return fields.flatMap((field) => {
    if (!(field in ours)) return [{ field, ours: 'absent' }];
    if (!(field in theirs)) return [{ field, ours: 'present' }];
    return JSON.stringify(ours[field]) === JSON.stringify(theirs[field]) ? [] : [{ field, ours: 'other' }];
  });
}

/** The same wish, said to our client and to the vendor's: every field that both have a way to say. */
const CALLS: [string, Call<Provider>, Call<Reducto>][] = [
  [
    'parse',
    submit({
      operation: 'parse',
      input: url,
      pages: { start: 1, end: 2 },
      options: { settings: { return_ocr_data: true } },
    }),
    (sdk) => sdk.parse.runJob({ input: url, settings: { page_range: { start: 1, end: 2 }, return_ocr_data: true } }),
  ],
  [
    'parse with everything',
    submit({ operation: 'parse', input: [url, 'reducto://f.pdf'], options: { ...groups, ...queue } }),
    (sdk) => sdk.parse.runJob({ input: [url, 'reducto://f.pdf'], ...groups, ...queue }),
  ],
  [
    'extract',
    submit({
      operation: 'extract',
      input: [parsed, 'jobid://j2'],
      schema,
      options: {
        instructions: { system_prompt: 'p' },
        settings: { citations: { enabled: true, numerical_confidence: false }, array_extract: true },
        async: queue.async,
      },
    }),
    (sdk) =>
      sdk.extract.runJob({
        input: [parsed, 'jobid://j2'],
        instructions: { schema, system_prompt: 'p' },
        settings: { citations: { enabled: true, numerical_confidence: false }, array_extract: true },
        async: queue.async,
      }),
  ],
  [
    'extract of a file',
    submit({ operation: 'extract', input: url, schema, options: { parsing: groups } }),
    (sdk) => sdk.extract.runJob({ input: url, parsing: groups, instructions: { schema } }),
  ],
  [
    'split',
    submit({
      operation: 'split',
      input: parsed,
      sections: [{ name: 'A', description: 'about a' }],
      options: { split_rules: 'r', settings: { table_cutoff: 'preserve' }, async: queue.async },
    }),
    (sdk) =>
      sdk.split.runJob({
        input: parsed,
        split_description: [{ name: 'A', description: 'about a' }],
        split_rules: 'r',
        settings: { table_cutoff: 'preserve' },
        async: queue.async,
      }),
  ],
  [
    'split of a file',
    submit({
      operation: 'split',
      input: url,
      sections: [{ name: 'A', description: 'about a' }],
      options: { parsing: groups },
    }),
    (sdk) =>
      sdk.split.runJob({ input: url, parsing: groups, split_description: [{ name: 'A', description: 'about a' }] }),
  ],
  [
    'pipeline',
    submit({ operation: 'pipeline', input: url, options: { pipeline_id: 'p', async: queue.async } }),
    (sdk) => sdk.pipeline.runJob({ input: url, pipeline_id: 'p', async: queue.async }),
  ],
  [
    'edit',
    submit({ operation: 'edit', input: url, options: { edit_instructions: 'e', edit_options, priority: true } }),
    (sdk) => sdk.edit.runJob({ document_url: url, edit_instructions: 'e', edit_options, priority: true }),
  ],
  [
    'classify',
    submit({ operation: 'classify', input: url, pages: { start: 1, end: 3 }, options: categories }),
    (sdk) => sdk.classify.run({ input: url, page_range: { start: 1, end: 3 }, ...categories }),
  ],
  ['get', (provider) => provider.get('j1', 'parse', {}), (sdk) => sdk.job.get('j1')],
  [
    'list',
    async (provider) => provider.findJob?.(wanted('parse', '2026-11-24T10:00:00Z'), {}),
    (sdk) => sdk.job.getAll({ limit: 500 }),
  ],
  [
    'list, next page',
    async (provider) => provider.listJobs?.({ limit: 7, cursor: 'a b&c=', excludeConfigs: false }, {}),
    (sdk) => sdk.job.getAll({ limit: 7, cursor: 'a b&c=', exclude_configs: false }),
  ],
  ['cancel', (provider) => provider.cancel('j1', {}), (sdk) => sdk.job.cancel('j1')],
  [
    'upload',
    (provider) => upload(provider, words.length),
    async (sdk) => sdk.upload({ file: await toFile(Buffer.from(words), 'note.txt', { type: 'text/plain' }) }),
  ],
  // Only its first step: the client has none to send the bytes.
  ['presigned upload', (provider) => upload(provider, 96_000_000).catch(() => undefined), (sdk) => sdk.upload()],
  ['probe', (provider) => provider.probe({}), (sdk) => sdk.job.getAll({ limit: 1, exclude_configs: true })],
];

async function seenOf(ours: Call<Provider>, theirs: Call<Reducto>): Promise<[Flat, Flat]> {
  await using server = await serveVendor(() => ({
    status: 200,
    body: { job_id: 'j1', file_id: 'reducto://f.txt', status: 'Pending', jobs: [], result: {} },
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
  const [mine, reference] = server.seen.map(fieldsOf);
  return [mine!, reference!];
}

describe('the same request as the vendor’s own client, but for the differences that are listed:', () => {
  it.each(CALLS)('%s', async (what, ours, theirs) => {
    const [mine, reference] = await seenOf(ours, theirs);
    const listed = SDK_DIFFERENCES.filter(({ calls }) => calls.includes(what));
    const byField = (a: { field: string }, b: { field: string }): number => a.field.localeCompare(b.field);
    expect(differences(mine, reference).sort(byField)).toEqual(
      listed.map(({ field, ours: how }) => ({ field, ours: how })).sort(byField),
    );
  });

  it('the list speaks of calls that are compared, and says why', () => {
    const known = CALLS.map(([what]) => what);
    for (const { calls, field, reason } of SDK_DIFFERENCES) {
      expect(known, field).toEqual(expect.arrayContaining([...calls]));
      expect(reason.length, field).toBeGreaterThan(20);
    }
  });
});
