import type Reducto from 'reductoai';
import type { ParseResponse } from 'reductoai/resources/shared';
import { describe, expect, it } from 'vitest';
import { completed, NOTE, uploadNote, withSdk } from './sdk-client.js';
import { expectRequired, type REQUIRED } from './sdk-types.js';

const schema = { type: 'object', properties: { total: { type: 'number' } } };
const split_description = [{ name: 'Totals', description: 'total amount' }];
const classification_schema = [{ category: 'invoice', criteria: ['states a total'] }];
const edit_instructions = 'sign it';
const cited = { settings: { citations: { enabled: true } } };

interface Answers {
  run: object;
  /** The same by `runJob`; null where the client has none. */
  job: { job_id: string } | null;
}
type Required = keyof typeof REQUIRED;

/** Each operation of the client both ways; assignments hold the answers to its types. */
const OPERATIONS: [string, Required, object, (sdk: Reducto, upload: Reducto.Upload) => Promise<Answers>][] = [
  [
    'parse',
    'ParseResponse',
    { response_type: 'parse', result: { type: 'full' } },
    async (sdk, input) => {
      const run: Reducto.ParseRunResponse = await sdk.parse.run({ input });
      const job: Reducto.AsyncParseResponse = await sdk.parse.runJob({ input });
      return { run, job };
    },
  ],
  [
    'extract',
    'ExtractResponse',
    { response_type: 'extract', result: [{ total: 12.5 }], citations: null },
    async (sdk, input) => {
      const run: Reducto.ExtractRunResponse = await sdk.extract.run({ input, instructions: { schema } });
      const job: Reducto.AsyncExtractResponse = await sdk.extract.runJob({ input, instructions: { schema } });
      return { run, job };
    },
  ],
  [
    'extract with citations',
    'V3Extract',
    { response_type: 'v3_extract', result: { total: { value: 12.5, citations: [{ type: 'Key Value' }] } } },
    async (sdk, input) => {
      const run: Reducto.ExtractRunResponse = await sdk.extract.run({ input, instructions: { schema }, ...cited });
      const job: Reducto.AsyncExtractResponse = await sdk.extract.runJob({ input, instructions: { schema }, ...cited });
      return { run, job };
    },
  ],
  [
    'split',
    'SplitResponse',
    { response_type: 'split', result: { section_mapping: { Totals: [1] } } },
    async (sdk, input) => {
      const run: Reducto.SplitResponse = await sdk.split.run({ input, split_description });
      const job: Reducto.AsyncSplitResponse = await sdk.split.runJob({ input, split_description });
      return { run, job };
    },
  ],
  [
    'pipeline',
    'PipelineResponse',
    { response_type: 'pipeline', result: { parse: { response_type: 'parse' }, extract: null, split: null } },
    async (sdk, input) => {
      const run: Reducto.PipelineResponse = await sdk.pipeline.run({ input, pipeline_id: 'p' });
      const job: Reducto.AsyncPipelineResponse = await sdk.pipeline.runJob({ input, pipeline_id: 'p' });
      return { run, job };
    },
  ],
  [
    'edit',
    'EditResponse',
    { response_type: 'edit', form_schema: null },
    async (sdk, document_url) => {
      const run: Reducto.EditResponse = await sdk.edit.run({ document_url, edit_instructions });
      const job: Reducto.AsyncEditResponse = await sdk.edit.runJob({ document_url, edit_instructions });
      return { run, job };
    },
  ],
  [
    'classify',
    'ClassifyResponse',
    { response_type: 'classify', result: { category: 'invoice' } },
    async (sdk, input) => {
      const run: Reducto.ClassifyResponse = await sdk.classify.run({ input, classification_schema });
      return { run, job: null };
    },
  ],
];

describe('answers have what the client’s types require, run and as a job:', () => {
  it.each(OPERATIONS)('%s', async (_what, type, shape, call) => {
    await withSdk({}, async (sdk) => {
      const { run, job } = await call(sdk, await uploadNote(sdk));
      expectRequired(run, type);
      expect(run).toMatchObject(shape);
      if (job === null) return;
      expectRequired(job, 'AsyncResponse');
      const finished = await completed(sdk, job.job_id);
      expectRequired(finished, 'JobGetResponse');
      const result: Reducto.JobGetResponse['result'] = finished.result;
      expectRequired(result, type);
      expect(result).toMatchObject(shape);
    });
  });
});

describe('the parts inside', () => {
  it('chunks and blocks of a parse', async () => {
    await withSdk({}, async (sdk) => {
      const { result } = (await sdk.parse.run({ input: await uploadNote(sdk) })) as ParseResponse;
      expectRequired(result, 'FullResult');
      const [chunk] = (result as ParseResponse.FullResult).chunks;
      expectRequired(chunk, 'Chunk');
      expect(chunk!.blocks.length).toBeGreaterThan(0);
      for (const block of chunk!.blocks) expectRequired(block, 'Block');
    });
  });

  it('a result behind a URL, which wants no key', async () => {
    await withSdk({}, async (sdk) => {
      const settings = { force_url_result: true };
      const { result } = (await sdk.parse.run({ input: await uploadNote(sdk), settings })) as ParseResponse;
      expectRequired(result, 'URLResult');
      const reply = await fetch((result as ParseResponse.URLResult).url);
      expectRequired(await reply.json(), 'FullResult');
    });
  });

  it('splits, and categories of a classify', async () => {
    await withSdk({}, async (sdk) => {
      const input = await uploadNote(sdk);
      const { result } = await sdk.split.run({ input, split_description });
      for (const split of result.splits) expectRequired(split, 'Split');
      const { response_confidence } = await sdk.classify.run({ input, classification_schema });
      expect(response_confidence?.categories).toHaveLength(1);
      for (const one of response_confidence!.categories) expectRequired(one, 'ClassifyCategory');
    });
  });

  it('the edited document', async () => {
    await withSdk({}, async (sdk) => {
      const { file_id: document_url } = await uploadNote(sdk);
      const edited = await sdk.edit.run({ document_url, edit_instructions });
      expect(Buffer.from(await (await fetch(edited.document_url)).arrayBuffer())).toEqual(NOTE);
    });
  });

  it('a job in the list, in each stage', async () => {
    await withSdk({ faults: [{ job: 'stuck', nth: 2 }] }, async (sdk) => {
      const input = await uploadNote(sdk);
      await completed(sdk, (await sdk.parse.runJob({ input, async: { metadata: { mine: 1 } } })).job_id);
      await sdk.parse.runJob({ input });
      const cancelled = await sdk.parse.runJob({ input });
      await sdk.job.cancel(cancelled.job_id);
      const page: Reducto.JobGetAllResponse = await sdk.job.getAll();
      expectRequired(page, 'JobGetAllResponse');
      expect(page.jobs).toHaveLength(3);
      for (const job of page.jobs) expectRequired(job, 'ListedJob');
      expect(page.jobs[2]!.raw_config).toContain('"mine":1');
    });
  });
});
