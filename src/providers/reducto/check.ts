import type { OperationRequest } from '../../jobs/activities.js';
import { isJsonObject } from '../../jobs/json.js';
import type { Pages } from '../../jobs/types.js';
import { checkObjectSchema, checkPageNumbers, checkSectionList, isText, type Problem } from '../request-checks.js';
import { isUrl, PUBLIC_SOURCES, type SourcePolicy, sourceRefusal } from '../source-url.js';
import { checkPassword } from './document-password.js';
import { isReductoOperation, REDUCTO_OPERATIONS, type ReductoOperation } from './operations.js';
import { isParsedReference } from './requests.js';
import { checkWebhooks } from './webhooks.js';

/** What is wrong with a request of an account, as far as it can be known before anything is sent. */
export function checkRequest(
  request: OperationRequest,
  account: { hasSecrets: boolean; sources?: SourcePolicy },
): Problem | null {
  const { operation } = request;
  const sources = account.sources ?? PUBLIC_SOURCES;
  if (!isReductoOperation(operation)) {
    return {
      field: 'operation',
      reason: `reducto has ${Object.keys(REDUCTO_OPERATIONS).join(', ')}; not ${operation}`,
    };
  }
  return (
    checkInput(request, operation, sources) ??
    checkSchema(request) ??
    checkSections(request) ??
    checkPages(request.pages, operation) ??
    checkOptions(request, operation) ??
    checkWebhooks(request.options ?? {}, sources) ??
    checkPassword(request.options ?? {}, operation, account.hasSecrets)
  );
}

function checkInput({ input }: OperationRequest, operation: ReductoOperation, sources: SourcePolicy): Problem | null {
  const inputs = [input].flat();
  if (inputs.length === 0 || inputs.some((one) => typeof one !== 'string' || one.trim() === '')) {
    return { field: 'input', reason: 'expected a URL, an upload reference or a parsed document' };
  }
  const wrong = inputs.find((one) => !/^(https?|s3|reducto|jobid):\/\//i.test(one));
  if (wrong !== undefined) {
    return {
      field: 'input',
      reason: 'expected https://, s3://, reducto:// or jobid://; local files are uploaded first',
    };
  }
  const refusal = inputs.map((one) => (isUrl(one) ? sourceRefusal(one, sources) : null)).find((one) => one !== null);
  if (refusal !== undefined) return { field: 'input', reason: refusal };
  const parsed = inputs.filter((one) => isParsedReference(one)).length;
  if (parsed > 0 && parsed < inputs.length) {
    return { field: 'input', reason: 'parsed documents (jobid://) and other documents go in requests of their own' };
  }
  if (operation === 'parse' && parsed > 1) {
    return { field: 'input', reason: 'parse takes one parsed document (jobid://); only extract takes a list of them' };
  }
  if (Array.isArray(input) && (operation === 'split' || operation === 'edit')) {
    return { field: 'input', reason: `${operation} takes one document, not a list` };
  }
  if (isParsedReference(input) && (operation === 'edit' || operation === 'classify' || operation === 'pipeline')) {
    return { field: 'input', reason: `${operation} needs the document itself, not a parsed document (jobid://)` };
  }
  return null;
}

function checkSchema({ operation, schema }: OperationRequest): Problem | null {
  if (operation !== 'extract') {
    return schema === undefined ? null : { field: 'schema', reason: `only extract takes a schema, not ${operation}` };
  }
  return checkObjectSchema(schema, 'schema');
}

function checkSections({ operation, sections }: OperationRequest): Problem | null {
  if (operation !== 'split') {
    return sections === undefined ? null : { field: 'sections', reason: `only split takes sections, not ${operation}` };
  }
  return checkSectionList(sections);
}

function checkPages(pages: Pages | undefined, operation: ReductoOperation): Problem | null {
  if (pages === undefined) return null;
  if (operation !== 'parse' && operation !== 'extract' && operation !== 'classify') {
    return { field: 'pages', reason: `${operation} works on all pages; restrict them at parse` };
  }
  return checkPageNumbers(pages);
}

/** Fields that neutral input sets: given in both places, nobody could tell which one counts. */
const NEUTRAL: Record<ReductoOperation, Record<string, string[]>> = {
  parse: { source: ['input'], pages: ['settings', 'page_range'] },
  extract: { parsed: ['input'], schema: ['instructions', 'schema'], pages: ['settings', 'page_range'] },
  split: { parsed: ['input'], sections: ['split_description'] },
  pipeline: { input: ['input'] },
  edit: { input: ['document_url'] },
  classify: { input: ['input'], pages: ['page_range'] },
};
const REQUIRED: Partial<Record<ReductoOperation, string>> = { pipeline: 'pipeline_id', edit: 'edit_instructions' };
const GROUPS = [
  'enhance',
  'retrieval',
  'formatting',
  'spreadsheet',
  'settings',
  'parsing',
  'instructions',
  'async',
  'webhook',
];

function checkOptions(request: OperationRequest, operation: ReductoOperation): Problem | null {
  const options: unknown = request.options ?? {};
  if (!isJsonObject(options)) return { field: 'options', reason: `expected an object of the vendor's own fields` };
  const required = REQUIRED[operation];
  if (required !== undefined && !isText(options[required])) {
    return { field: `options.${required}`, reason: `${operation} needs it: expected a text` };
  }
  for (const [neutral, path] of Object.entries(NEUTRAL[operation])) {
    const given = path.reduce<unknown>((value, key) => (isJsonObject(value) ? value[key] : undefined), options);
    const alwaysNeutral = neutral !== 'pages';
    if (given !== undefined && given !== null && (alwaysNeutral || request.pages !== undefined)) {
      return { field: `options.${path.join('.')}`, reason: `is set by "${neutral}"; leave it out of options` };
    }
  }
  const wrong = GROUPS.find(
    (key) => options[key] !== undefined && options[key] !== null && !isJsonObject(options[key]),
  );
  if (wrong !== undefined) return { field: `options.${wrong}`, reason: 'expected an object' };
  const place = operation === 'edit' ? 'webhook' : 'async';
  const given = options[place];
  const metadata = isJsonObject(given) ? (given.metadata ?? {}) : {};
  return isJsonObject(metadata)
    ? null
    : { field: `options.${place}.metadata`, reason: 'expected an object: ours is added to it' };
}
