import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { JsonObject } from '../../../jobs/json.js';
import { extractCredits } from '../billing.js';
import { checkExtractOptions, extraction } from '../content/extraction.js';
import { normaliseExtract } from '../field-names.js';
import { defineOperation } from '../operation.js';
import { extractOptions, flag } from '../request-fields.js';
import { openSource } from '../source.js';

const body = z.preprocess(
  (fields) => normaliseExtract(fields as JsonObject),
  extractOptions.extend({ file_url: z.string().nullish(), async: flag.nullish() }),
);

/**
 * Extract, which parses. Of the options it acts on pages, storage.enabled, extensions but footnotes and XML, model (for
 * its price) and the deprecated structured_output, schema, return_html and chunking.
 */
export const extract = defineOperation({
  operation: 'parse',
  endpoint: 'extract',
  path: '/extract',
  feature: null,
  takesForms: true,
  body,
  plan({ body, file, vendor }) {
    checkExtractOptions(body);
    const load = openSource(vendor, { file, file_url: body.file_url, pages: body.pages });
    const id = body.storage?.enabled === false ? null : randomUUID();
    return {
      refuseAtOnce: file !== null && body.pages != null,
      carriesText: true,
      keep(jobId) {
        if (id !== null) vendor.library.keepExtraction(id, jobId, load);
      },
      async work() {
        const view = await load();
        return {
          pages: view.pages.length,
          totalPages: view.totalPages,
          credits: extractCredits(view, body),
          compute: () => extraction(view, body, id),
        };
      },
    };
  },
});
