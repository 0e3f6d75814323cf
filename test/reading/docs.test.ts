import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ProcessDocumentResult, ResultStore } from '../../src/index.js';
import { listOf, stored } from './store-of.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp('test/.reading-');
});
afterAll(() => rm(folder, { recursive: true }));

type LinesOf = (results: Pick<ResultStore, 'get'>, result: Partial<ProcessDocumentResult>) => AsyncIterable<string>;

it('the example of the docs runs', async () => {
  const docs = await readFile('docs/results.md', 'utf8');
  const code = /```ts\n(import \{ readExtracted[\s\S]*?)```/.exec(docs)?.[1] ?? '';
  const path = resolve(join(folder, 'lines.ts'));
  await writeFile(path, code.replaceAll("'temporal-document-jobs'", `'${resolve('src/index.ts')}'`));
  const { linesOf } = (await import(path)) as { linesOf: LinesOf };

  const bbox = { left: 0, top: 0, width: 1, height: 1, page: 3 };
  const chunk = { content: 'Text', blocks: [{ type: 'Table', bbox, content: '| a |' }] };
  const { store, ref } = stored('reducto', { result: { chunks: [chunk] } });
  const parsed = { jobId: 'j', reference: 'jobid://j', pageCount: 3, stored: ref };
  const extract = { jobId: 'e', data: { total: 1 }, stored: ref };
  const split = { jobId: 's', sections: [{ name: 'A', pages: [1, 2] }], stored: ref };
  expect(await listOf(linesOf(store, { parsed, extract, split }))).toEqual([
    'text of 4 characters',
    'page 3: 1 blocks',
    'table on page 3: | a |',
    'extracted: {"total":1}',
    'section A: pages 1, 2',
  ]);
  const other = stored('pulse', {
    markdown: 'Text',
    bounding_boxes: { Tables: [{ table_info: { id: 'tbl-1', page_number: 2 } }] },
  });
  expect(await listOf(linesOf(other.store, { parsed: { ...parsed, stored: other.ref } }))).toEqual([
    'text of 4 characters',
    'page 2: 0 texts',
    'table tbl-1 on page 2',
  ]);
});
