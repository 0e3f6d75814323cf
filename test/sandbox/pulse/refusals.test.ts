import { describe, expect, it } from 'vitest';
import { answerOf, INVOICE_TEXT } from '../client.js';
import { INVOICE_FILE, withPulse } from './client.js';
import * as shapes from './shapes.js';

const ANY_ID = '5b1c6d1e-7f0a-4c9f-9d1e-3a2b1c0d9e8f';

describe('refusals', () => {
  const split_config = { split_input: [{ name: 'A' }] };
  const schema_config = { input_schema: { type: 'object' } };
  const topics = { A: { schema: { type: 'object' } } };

  it.each([
    ['/extract', {}, 400, 'REQ_001'],
    ['/extract', { file: 'aGVsbG8=' }, 400, 'REQ_001'],
    ['/extract', { file_url: 'ftp://x/a.pdf' }, 400, 'REQ_003'],
    ['/extract', { file_url: 'http://x/a.exe' }, 400, 'FILE_001'],
    ['/extract', { file_url: 'http://x/a.pdf', pages: 'two' }, 400, 'REQ_006'],
    ['/extract', { file_url: 'http://x/a.pdf', pages: '0' }, 400, 'REQ_006'],
    ['/extract', { file_url: 'http://x/a.pdf', pages: '3-2' }, 400, 'REQ_006'],
    ['/extract', { file_url: 'http://x/a.pdf', pages: 2 }, 400, 'REQ_006'],
    ['/extract', { file_url: 'http://x/a.pdf', extensions: { chunking: { chunkSize: 99 } } }, 400, 'REQ_005'],
    ['/extract', { file_url: 'http://x/a.pdf', chunk_size: 10_001 }, 400, 'REQ_005'],
    ['/extract', { file_url: 'http://x/a.pdf', model: 'best' }, 400, 'REQ_003'],
    ['/extract', { file_url: 'http://x/a.pdf', storage: 'yes' }, 400, 'REQ_003'],
    ['/extract', { file_url: 'http://x/a.pdf', async: 'yes' }, 400, 'REQ_003'],
    ['/extract', { file_url: 'http://x/a.pdf', structured_output: { schema: { type: 'array' } } }, 400, 'REQ_003'],
    ['/extract', { file_url: 'http://x/a.pdf', extraction_config_id: ANY_ID }, 404, undefined],
    ['/split', { split_config }, 400, 'REQ_004'],
    ['/split', { extraction_id: ANY_ID }, 400, 'REQ_004'],
    ['/split', { extraction_id: ANY_ID, split_config, split_config_id: ANY_ID }, 400, 'REQ_004'],
    ['/split', { extraction_id: ANY_ID, split_config: {} }, 400, 'REQ_004'],
    ['/split', { extraction_id: ANY_ID, split_config: { split_input: [] } }, 400, 'REQ_003'],
    ['/split', { extraction_id: ANY_ID, split_config: { topics: [{ name: 'A' }, { name: 'A' }] } }, 400, 'REQ_003'],
    ['/split', { extraction_id: ANY_ID, split_config_id: ANY_ID }, 404, undefined],
    ['/split', { extraction_id: ANY_ID, split_config }, 404, undefined],
    ['/schema', { schema_config }, 400, 'REQ_004'],
    ['/schema', { extraction_id: ANY_ID }, 400, 'REQ_004'],
    ['/schema', { extraction_id: ANY_ID, schema_config, schema_config_id: ANY_ID }, 400, 'REQ_004'],
    ['/schema', { extraction_id: ANY_ID, schema_config: {} }, 400, 'REQ_004'],
    ['/schema', { extraction_id: ANY_ID, schema_config: { input_schema: 'x' } }, 400, 'REQ_003'],
    ['/schema', { extraction_id: ANY_ID, schema_config: { input_schema: { type: 'array' } } }, 400, 'REQ_003'],
    ['/schema', { extraction_id: ANY_ID, split_id: ANY_ID, schema_config }, 400, 'REQ_003'],
    ['/schema', { extraction_id: ANY_ID, extraction_ids: [ANY_ID], schema_config }, 400, 'REQ_003'],
    ['/schema', { split_id: ANY_ID, schema_config }, 400, 'REQ_004'],
    ['/schema', { split_id: ANY_ID, split_schema_config: { A: {} } }, 400, 'REQ_004'],
    ['/schema', { extraction_id: ANY_ID, schema_config }, 404, undefined],
    ['/schema', { extraction_ids: [ANY_ID, ANY_ID], schema_config }, 404, undefined],
    ['/schema', { split_id: ANY_ID, split_schema_config: topics }, 404, undefined],
    ['/schema', { extraction_id: ANY_ID, schema_config_id: ANY_ID }, 404, undefined],
    ['/tables', {}, 400, 'REQ_004'],
    ['/tables', { extraction_id: ANY_ID, tables_config: { table_format: 'csv' } }, 400, 'REQ_003'],
    ['/tables', { extraction_id: ANY_ID }, 404, undefined],
    ['/pipeline/execute', { steps: { extract: {} } }, 400, 'REQ_001'],
    ['/pipeline/execute', { file_url: 'http://x/a.pdf' }, 400, 'REQ_003'],
  ])('%s %j: %i %s', async (path, fields, status, code) => {
    await withPulse({}, async ({ client, sandbox }) => {
      const answer = await client.post(path, fields);
      expect([answer.status, shapes.error.parse(answer.body).error.code]).toEqual([status, code]);
      expect(sandbox.ledger.accepted()).toEqual([]);
      expect(sandbox.ledger.submits()).toMatchObject([{ status, jobId: null }]);
    });
  });

  it.each(['{', '"text"', '[]', ''])('a body that is no object (%s): REQ_002', async (body) => {
    await withPulse({}, async ({ client }) => {
      for (const path of ['/extract', '/split', '/schema', '/tables', '/pipeline/execute']) {
        expect(await client.raw(path, 'application/json', body)).toMatchObject({
          status: 400,
          body: { error: { code: 'REQ_002' } },
        });
      }
    });
  });

  it('a form where only JSON is taken: REQ_002', async () => {
    await withPulse({}, async ({ client }) => {
      expect(await client.form('/split', { extraction_id: ANY_ID })).toMatchObject({
        status: 400,
        body: { error: { code: 'REQ_002' } },
      });
    });
  });

  it('a file and a URL: REQ_003; a wrong kind of file: FILE_001, with the kind', async () => {
    await withPulse({}, async ({ client }) => {
      expect(await client.form('/extract', { file_url: 'http://x/a.pdf' }, INVOICE_FILE)).toMatchObject({
        status: 400,
        body: { error: { code: 'REQ_003' } },
      });
      const bytes = INVOICE_TEXT;
      expect(await client.form('/extract', {}, { name: 'a.doc', bytes })).toMatchObject({
        status: 400,
        body: { error: { code: 'FILE_001', details: { received_type: 'DOC' } } },
      });
      expect((await client.form('/extract', { async: 'true' }, { name: 'upload', bytes })).status).toBe(200);
    });
  });

  it.each([100, 2_000_000])('a file of %i bytes too many: 413', async (size) => {
    await withPulse({ pulse: { fileBytes: 10 } }, async ({ client, sandbox }) => {
      const bytes = Buffer.alloc(size, 'a');
      const { status, body } = await client.form('/extract', {}, { name: 'a.txt', bytes });
      expect([status, shapes.error.parse(body).error.code]).toEqual([413, 'FILE_002']);
      expect(sandbox.ledger.accepted()).toEqual([]);
    });
  });

  it('without the key, before the body is looked at', async () => {
    await withPulse({}, async ({ sandbox }) => {
      const { baseUrl } = sandbox.pulse;
      for (const [headers, code] of [
        [{}, 'AUTH_001'],
        [{ 'x-api-key': '' }, 'AUTH_001'],
        [{ 'x-api-key': 'other' }, 'AUTH_002'],
        [{ authorization: `Bearer ${sandbox.pulse.apiKey}` }, 'AUTH_001'],
      ] as const) {
        for (const [method, path] of [
          ['POST', '/extract'],
          ['POST', '/schema'],
          ['GET', `/job/${ANY_ID}`],
          ['DELETE', `/job/${ANY_ID}`],
          ['POST', '/webhook'],
          ['POST', '/batch/extract'],
        ]) {
          const body = method === 'POST' ? { body: '{' } : {};
          const answer = await answerOf(
            await fetch(baseUrl + path, { method: method!, headers: { ...headers }, ...body }),
          );
          expect([answer.status, shapes.error.parse(answer.body).error.code]).toEqual([401, code]);
        }
      }
      expect(sandbox.ledger.counts().refusedKeys).toBe(24);
    });
  });
});
