import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { once } from '../../once.js';
import { splitCredits } from '../billing.js';
import { inlineConfig } from '../config-choice.js';
import { checkTopics, splitOf, splitOutput } from '../content/split-topics.js';
import { defineOperation } from '../operation.js';
import { flag, splitConfigOrTopics } from '../request-fields.js';

const body = z.looseObject({
  extraction_id: z.string().min(1),
  split_config: splitConfigOrTopics.nullish(),
  split_config_id: z.string().nullish(),
  async: flag.nullish(),
});

/** Split: each page of an extraction goes to the topic that it speaks of most. */
export const split = defineOperation({
  operation: 'split',
  endpoint: 'split',
  path: '/split',
  feature: null,
  takesForms: false,
  body,
  plan({ body, vendor, now }) {
    const config = inlineConfig('split_config', body.split_config, body.split_config_id);
    checkTopics(config);
    const extraction = vendor.library.extraction(body.extraction_id, now);
    const load = once(async () => splitOf(await extraction(), config));
    const split_id = randomUUID();
    return {
      refuseAtOnce: false,
      carriesText: false,
      keep: (jobId) => vendor.library.keepSplit(split_id, jobId, load),
      async work() {
        const { view, sections } = await load();
        return {
          pages: view.pages.length,
          totalPages: view.totalPages,
          credits: splitCredits(view),
          compute: ({ switches }) => ({ split_id, split_output: splitOutput(sections, switches) }),
        };
      },
    };
  },
});
