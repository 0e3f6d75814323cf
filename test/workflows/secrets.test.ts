import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { ProcessDocumentResult } from '../../src/jobs/process-document.js';
import { readObject } from '../../src/results/read-object.js';
import { createHarness, SINGLE_READS } from '../support/harness.js';
import type { SandboxOptions } from '../../src/sandbox/index.js';
import { serveDocuments, type DocumentServer } from '../support/document-server.js';
import { historyText } from '../support/history-text.js';
import { createTimeSkipping } from '../support/temporal.js';
import { VENDORS } from '../support/vendors.js';

// Canaries: a key, and words that stand in the parsed text but in no extracted value.
const KEY = 'canary-key-5f1c9e';
const TEXT = 'zebra quilt ninety';
const DOCUMENT = `Invoice number: INV-77\nTotal: $12.50\n\n${TEXT} is body text that nobody asked to extract.\n`;
const SCHEMA = { type: 'object', properties: { invoice_number: { type: 'string' }, total: { type: 'number' } } };
const SECTIONS = [{ name: 'Totals', description: 'invoice number and total' }];

let env: TestWorkflowEnvironment;
let documents: DocumentServer;

beforeAll(async () => {
  [env, documents] = await Promise.all([createTimeSkipping(), serveDocuments()]);
});
afterAll(async () => {
  await documents.close();
  await env.teardown();
});

describe.each(VENDORS)('with $name', (vendor) => {
  async function historyOf(options: SandboxOptions, results: 'auto' | 'stored' = 'auto'): Promise<string> {
    const harness = await createHarness(env, { sandbox: { key: KEY, ...options }, vendor });
    try {
      const source = documents.add('canary.txt', Buffer.from(DOCUMENT));
      const input = {
        source,
        provider: vendor.name,
        schema: SCHEMA,
        sections: SECTIONS,
        polling: SINGLE_READS,
        results,
      };
      const handle = await harness.start('processDocument', input);
      await handle.result().catch(() => undefined);
      const { memo } = await handle.describe();
      return (await historyText(handle)) + JSON.stringify(memo ?? {});
    } finally {
      await harness.close();
    }
  }

  describe('histories hold no key, no signed URL and no parse text', () => {
    it('the canaries are real: the parse text is in the stored result', async () => {
      const harness = await createHarness(env, { sandbox: { key: KEY }, vendor });
      try {
        const handle = await harness.start('processDocument', {
          source: documents.add('canary.txt', Buffer.from(DOCUMENT)),
          provider: vendor.name,
          polling: SINGLE_READS,
        });
        const { parsed } = (await handle.result()) as ProcessDocumentResult;
        const body = new TextDecoder().decode((await readObject(harness.store, parsed.stored.key)) ?? undefined);
        expect(body).toContain(TEXT);
        expect((await historyText(handle)).includes(`"jobId\\":\\"${parsed.jobId}`)).toBe(true);
      } finally {
        await harness.close();
      }
    });

    it.each([
      ['a good run', {}],
      ['results behind signed URLs', vendor.urlResults],
      ['a refused key', { faults: [{ on: 'submit', do: { status: 401, body: { detail: `bad key ${KEY}` } } }] }],
      [
        'an error that repeats the key and a signed URL',
        {
          faults: [
            {
              on: 'submit',
              do: {
                status: 400,
                body: {
                  error: {
                    code: 400,
                    name: 'INVALID_CONFIG',
                    message: `Bearer ${KEY} https://x/y?X-Amz-Signature=deadbeef`,
                  },
                },
              },
            },
          ],
        },
      ],
      [
        'a failed job that repeats them',
        {
          faults: [
            {
              job: {
                failed: {
                  name: 'DOCUMENT_CORRUPT',
                  message: `https://x/y.pdf?X-Amz-Signature=deadbeef&sig=cafe Bearer ${KEY}`,
                },
              },
            },
          ],
        },
      ],
    ] as const)('%s', async (_name, options) => {
      const text = await historyOf(options);
      expect(text.length).toBeGreaterThan(1_000);
      const found = [KEY, TEXT, 'X-Amz-Signature', 'deadbeef'].filter((canary) => text.includes(canary));
      expect(found).toEqual([]);
    });

    it('extracted values too stay out with results: stored', async () => {
      expect((await historyOf({}, 'auto')).includes('INV-77')).toBe(true);
      expect((await historyOf({}, 'stored')).includes('INV-77')).toBe(false);
    });
  });
});
