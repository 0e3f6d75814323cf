import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { tableCredits } from '../billing.js';
import { placeBlocks } from '../content/place-blocks.js';
import { tablesOf, tablesOutput } from '../content/tables.js';
import { defineOperation } from '../operation.js';
import { flag, tablesConfig } from '../request-fields.js';

const body = z.looseObject({
  extraction_id: z.string().min(1),
  tables_config: tablesConfig.nullish(),
  async: flag.nullish(),
});

/** Tables: those of an extraction. */
export const tables = defineOperation({
  operation: 'tables',
  endpoint: 'tables',
  path: '/tables',
  feature: 'tables_endpoint',
  takesForms: false,
  body,
  plan({ body, vendor, now }) {
    const merge = body.tables_config?.merge === true;
    const extraction = vendor.library.extraction(body.extraction_id, now);
    return {
      refuseAtOnce: false,
      carriesText: false,
      keep: () => undefined,
      async work() {
        const view = await extraction();
        const found = tablesOf(placeBlocks(view), merge);
        return {
          pages: view.pages.length,
          totalPages: view.totalPages,
          credits: tableCredits(found.length, merge),
          compute: ({ jobId, switches }) => ({
            // Where the acknowledgement has the job's id under this name, it is the job's id.
            tables_id: switches.tablesAckField === 'tables_id' ? jobId : randomUUID(),
            tables_output: tablesOutput(found, body.tables_config?.table_format),
          }),
        };
      },
    };
  },
});
