import type { ProcessDocumentInput } from '../../src/jobs/process-document.js';
import type { FaultRule, SandboxOptions } from '../../src/sandbox/index.js';
import { makeCanaries } from '../support/canaries.js';
import type { Vendor } from '../support/vendors.js';

/** What no server should be able to read. The key is in no payload, and the text in the result store alone. */
export const CANARIES = makeCanaries(
  [
    ...['key', 'text', 'value', 'fileName', 'signature', 'vendorWords'],
    ...['property', 'schemaDescription', 'section', 'sectionDescription', 'prompt'],
  ] as const,
  'm',
);
const { text, value, fileName, property, schemaDescription, section, sectionDescription, prompt, vendorWords } =
  CANARIES;

export const DOCUMENT = `Invoice number: INV-4711\nCustomer name: ${value}\nTotal: $12.50\n\n${text} is body text that nobody asked to extract.\n`;
export const FILE_NAME = `${fileName}.txt`;
export const QUERY = `X-Amz-Signature=${CANARIES.signature}`;

/** How a document ends: a result's status, `cancelled`, or the failure's type. */
export interface Scenario {
  name: string;
  ends: string;
  sandbox?: (vendor: Vendor) => Pick<SandboxOptions, 'faults'>;
  input?: Partial<ProcessDocumentInput>;
  /** The workflow is cancelled once its job is accepted. */
  cancel?: true;
}

const STUCK: FaultRule = { job: 'stuck', operation: 'parse' };
const failedJob = (operation: 'parse' | 'extract'): FaultRule => ({
  operation,
  job: { failed: { name: 'DOCUMENT_CORRUPT', message: `corrupt: ${vendorWords}` } },
});

export const SCENARIOS: readonly Scenario[] = [
  { name: 'completed', ends: 'complete' },
  { name: 'partial', ends: 'partial', sandbox: () => ({ faults: [failedJob('extract')] }) },
  { name: 'failed', ends: 'DocumentJobFailed', sandbox: () => ({ faults: [failedJob('parse')] }) },
  { name: 'cancelled', ends: 'cancelled', sandbox: () => ({ faults: [STUCK] }), cancel: true },
  {
    name: 'late',
    ends: 'DocumentJobDeadlineExceeded',
    sandbox: () => ({ faults: [STUCK] }),
    input: { deadline: '2s' },
  },
  {
    name: 'invalid',
    ends: 'ExtractedDataInvalid',
    input: { onFailure: 'cancel', schema: { ...schema(), required: [property] } },
  },
  {
    name: 'repaired',
    ends: 'complete',
    sandbox: ({ gone }) => ({
      faults: [{ on: 'submit', operation: 'extract', call: 1, do: { status: 404, body: gone } }],
    }),
  },
  {
    name: 'refused',
    ends: 'DocumentSubmitRejected',
    sandbox: ({ refusal }) => ({ faults: [{ on: 'submit', do: { status: 400, body: withWords(refusal.body) } }] }),
  },
];

export const WORKFLOWS = ['processDocument', 'ownWorkflow'] as const;

export function inputOf(vendor: Vendor, account: string, source: string, scenario: Scenario): ProcessDocumentInput {
  const options =
    vendor.name === 'reducto'
      ? { extract: { instructions: { system_prompt: prompt } }, split: { split_rules: prompt } }
      : { extract: { schema_config: { schema_prompt: prompt } } };
  return {
    source,
    provider: vendor.name,
    account,
    schema: schema(),
    sections: [{ name: section, description: sectionDescription }],
    options,
    polling: { expected: 50, cancelSettle: '3s' },
    ...scenario.input,
  };
}

function schema() {
  return {
    type: 'object',
    properties: {
      invoice_number: { type: 'string', description: schemaDescription },
      customer_name: { type: 'string' },
      total: { type: 'number' },
      [property]: { type: 'string' },
    },
  };
}

/** The vendor's refusal with other words in it. */
const withWords = (body: object) =>
  JSON.parse(JSON.stringify(body).replace('no such model', `no such model: ${vendorWords}`)) as Record<string, never>;
