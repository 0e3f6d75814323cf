import { z } from 'zod';
import { defineOperation } from '../operation.js';
import { asyncFields, input } from '../request-fields.js';
import { parseCredits, parseUsage } from '../usage.js';
import { plainParseBody } from './parse.js';

const body = z.looseObject({
  ...asyncFields.shape,
  input,
  pipeline_id: z.string().min(1),
  settings: z.strictObject({ document_password: z.string().nullish() }).nullish(),
});

/** Pipeline: what a deployed pipeline does is not known here, so each one parses and nothing else. */
export const pipeline = defineOperation({
  operation: 'pipeline',
  type: 'Pipeline',
  scopes: [],
  asyncBlockOnSync: false,
  body,
  plan({ input, settings }) {
    return {
      input: {
        input,
        chaining: 'none',
        pages: null,
        chainedPages: null,
        password: settings?.document_password ?? null,
      },
      persist: false,
      credits: (view) => parseCredits(view, null),
      compute(view) {
        const parsed = plainParseBody(view);
        return (context) => ({
          response_type: 'pipeline',
          job_id: context.jobId,
          usage: parseUsage(view, context.credits, context.switches, {
            parse_model: 'R-1',
            tier: 'Default',
            parse_pages: view.pages.length,
          }),
          result: { parse: parsed(context), extract: null, split: null, edit: null },
        });
      },
    };
  },
});
