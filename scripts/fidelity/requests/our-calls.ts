import type { OperationRequest } from '../../../src/jobs/activities.js';
import type { DocumentFile, Provider } from '../../../src/providers/provider.js';
import { pulse } from '../../../src/providers/pulse/index.js';
import { reducto } from '../../../src/providers/reducto/index.js';
import type { Vendor } from '../vendor-name.js';

export const KEY = 'sk-1';
const MARKER = 'm1';
const URL = 'https://h/a.pdf';
const PARSED = 'jobid://j1';
const schema = { type: 'object', properties: { total: { type: 'number' } } };
const sections = [{ name: 'A', description: 'about a' }];

type Call = (provider: Provider, file: DocumentFile) => Promise<unknown>;

const submit =
  (request: OperationRequest): Call =>
  (provider) =>
    provider.submit(request, { marker: MARKER }, {});

/** Our calls, by the names that the scripts of the vendors' clients give to theirs. */
export const OUR_CALLS: Record<Vendor, Record<string, Call>> = {
  reducto: {
    upload: (provider, file) => provider.upload!(file, {}),
    parse: submit({
      operation: 'parse',
      input: URL,
      pages: { start: 1, end: 2 },
      options: {
        retrieval: { chunking: { chunk_mode: 'page' } },
        async: { priority: true, webhook: { mode: 'svix', channels: ['a'] } },
        queue_priority: 'batch',
      },
    }),
    extract: submit({ operation: 'extract', input: PARSED, schema, options: { settings: { deep_extract: true } } }),
    'extract of a file': submit({ operation: 'extract', input: URL, schema, pages: [1] }),
    split: submit({ operation: 'split', input: PARSED, sections, options: { split_rules: 'r' } }),
    classify: submit({
      operation: 'classify',
      input: URL,
      options: { classification_schema: [{ category: 'c', criteria: ['k'] }] },
    }),
    pipeline: submit({ operation: 'pipeline', input: URL, options: { pipeline_id: 'p' } }),
    edit: submit({ operation: 'edit', input: URL, options: { edit_instructions: 'e' } }),
    get: (provider) => provider.get('j/1', 'parse', {}),
    cancel: (provider) => provider.cancel('j1', {}),
    list: (provider) => provider.listJobs!({ limit: 500, cursor: 'c', excludeConfigs: false }, {}),
    probe: (provider) => provider.probe({}),
    'delete job': (provider) => provider.deleteJob!('j1', {}),
    'delete upload': (provider) => provider.deleteUpload!('reducto://f.pdf', {}),
  },
  pulse: {
    'parse of a file': (provider, file) =>
      provider.submit(
        {
          operation: 'parse',
          input: file.path,
          pages: [1, 2],
          options: {
            model: 'default',
            storage: { folder_name: 'f' },
            extensions: { altOutputs: { returnHtml: true } },
          },
        },
        { marker: MARKER },
        { file },
      ),
    parse: submit({
      operation: 'parse',
      input: URL,
      pages: { end: 2 },
      options: {
        extraction_config_id: 'c',
        figure_processing: { show_images: true },
        spreadsheet: { onlyDataRows: true },
      },
    }),
    split: submit({ operation: 'split', input: 'e1', sections }),
    'split by a saved configuration': submit({
      operation: 'split',
      input: 'e1',
      sections: [],
      options: { split_config_id: 'c' },
    }),
    extract: submit({
      operation: 'extract',
      input: 'e1',
      schema,
      options: { schema_config: { schema_prompt: 'p', effort: true } },
    }),
    'extract of several': submit({ operation: 'extract', input: ['e1', 'e2'], schema }),
    'extract of sections': submit({
      operation: 'extract',
      input: 's1',
      sectionSchemas: { A: schema },
      options: { schema_config: { effort: true } },
    }),
    tables: submit({
      operation: 'tables',
      input: 'e1',
      options: { tables_config: { merge: true, table_format: 'html' } },
    }),
    pipeline: submit({
      operation: 'pipeline',
      input: URL,
      options: { steps: { extract: {}, split: {} }, auto_delete: true },
    }),
    get: (provider) => provider.get('j/1', 'parse', {}),
    cancel: (provider) => provider.cancel('j1', {}),
  },
};

export const PROVIDERS: Record<Vendor, (baseUrl: string) => Provider> = {
  reducto: (baseUrl) => reducto({ apiKey: KEY, baseUrl }),
  pulse: (baseUrl) => pulse({ apiKey: KEY, baseUrl }),
};
