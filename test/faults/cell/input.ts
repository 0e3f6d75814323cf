import type { ProcessDocumentInput } from '../../../src/jobs/process-document.js';
import type { Run } from '../plan/run.js';

const SCHEMA = { type: 'object', properties: { invoice_number: { type: 'string' }, total: { type: 'number' } } };
const SECTIONS = [{ name: 'Invoice', description: 'invoice with line items and total' }];

/** What the workflow of a run is started with. */
export function inputOf({ vendor, operation, onUnknownSubmit }: Run, source: string): ProcessDocumentInput {
  return {
    source,
    provider: vendor,
    onUnknownSubmit,
    polling: { expected: '1s', cancelSettle: '10s' },
    ...(operation === 'extract' ? { schema: SCHEMA } : {}),
    ...(operation === 'split' ? { sections: SECTIONS } : {}),
  };
}
