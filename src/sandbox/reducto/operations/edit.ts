import { z } from 'zod';
import { defineOperation } from '../operation.js';
import { asyncFields, oneDocument } from '../request-fields.js';
import { parseUsage } from '../usage.js';

const body = z.looseObject({
  ...asyncFields.shape,
  document_url: oneDocument,
  edit_instructions: z.string(),
  priority: z.boolean().nullish(),
  form_schema: z.array(z.record(z.string(), z.json())).nullish(),
});

/** Edit: gives the document back unchanged behind a presigned URL. */
export const edit = defineOperation({
  operation: 'edit',
  type: 'Edit',
  scopes: [],
  asyncBlockOnSync: false,
  body,
  plan({ document_url, form_schema }) {
    return {
      input: { input: document_url, chaining: 'none', pages: null, chainedPages: null, password: null },
      persist: false,
      credits: (view) => view.pages.length,
      compute: (view) => (context) => ({
        response_type: 'edit',
        job_id: context.jobId,
        document_url: context.link('edited.pdf', view.bytes ?? new Uint8Array(), 'application/pdf'),
        form_schema: form_schema ?? null,
        usage: parseUsage(view, context.credits, context.switches, {
          edit_model: 'Normal',
          edit_pages: view.pages.length,
        }),
      }),
    };
  },
});
