import type { OperationRequest } from '../../jobs/activities.js';
import { isJsonObject } from '../../jobs/json.js';
import type { Pages } from '../../jobs/types.js';
import { checkObjectSchema, checkPageNumbers, checkSectionList, type Problem } from '../request-checks.js';
import { isUrl, PUBLIC_SOURCES, type SourcePolicy, sourceRefusal } from '../source-url.js';
import { isPulseOperation, PULSE_OPERATIONS, type PulseOperation } from './operations.js';

/** What is wrong with a request, as far as it can be known before anything is sent. */
export function checkRequest(request: OperationRequest, sources: SourcePolicy = PUBLIC_SOURCES): Problem | null {
  const { operation } = request;
  if (!isPulseOperation(operation)) {
    return { field: 'operation', reason: `pulse has ${Object.keys(PULSE_OPERATIONS).join(', ')}; not ${operation}` };
  }
  return (
    checkInput(request, operation) ??
    checkSchema(request) ??
    checkSections(request) ??
    checkPages(request, operation) ??
    checkOptions(request, operation) ??
    checkSources(request, sources)
  );
}

/** True for what looks like an extraction's or a split's id: documented as uuids. */
export const isReference = (source: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(source);

/** Those that the vendor fetches: the document itself, and the list of a pipeline's batch step. */
function checkSources({ operation, input, options }: OperationRequest, sources: SourcePolicy): Problem | null {
  if (typeof input === 'string' && isUrl(input)) {
    const reason = sourceRefusal(input, sources);
    if (reason !== null) return { field: 'input', reason };
  }
  const steps = operation === 'pipeline' && isJsonObject(options?.steps) ? options.steps : {};
  const urls = isJsonObject(steps.batch_extract) ? steps.batch_extract.file_urls : undefined;
  for (const url of Array.isArray(urls) ? urls : []) {
    const reason = typeof url === 'string' ? sourceRefusal(url, sources) : 'expected URLs';
    if (reason !== null) return { field: 'options.steps.batch_extract.file_urls', reason };
  }
  return null;
}

const TAKES_DOCUMENT = new Set<PulseOperation>(['parse', 'pipeline']);

function checkInput({ input }: OperationRequest, operation: PulseOperation): Problem | null {
  const problem = (reason: string): Problem => ({ field: 'input', reason });
  const inputs = [input].flat();
  if (inputs.length === 0 || inputs.some((one) => typeof one !== 'string' || one.trim() === '')) {
    return problem('expected a URL, a file of the worker or a parsed document');
  }
  const foreign = inputs.map((one) => /^(jobid|reducto):\/\//i.exec(one)?.[0]).find((scheme) => scheme !== undefined);
  if (foreign !== undefined)
    return problem(`${foreign}… is another vendor's reference: parse the document with pulse first`);
  if (Array.isArray(input) && operation !== 'extract') return problem(`${operation} takes one document, not a list`);
  if (!TAKES_DOCUMENT.has(operation)) {
    const isDocument = inputs.some((one) => /^[a-z][a-z0-9+.-]*:/i.test(one) || one.includes('/'));
    return isDocument ? problem(`${operation} works on a parsed document (its extraction_id): parse it first`) : null;
  }
  if (inputs.some(isReference)) {
    return problem(`${operation} needs the document itself, not a parsed document (extraction_id)`);
  }
  return operation === 'pipeline' && inputs.some((one) => !/^https?:\/\//i.test(one))
    ? problem('pipeline takes a URL, which the vendor fetches')
    : null;
}

function checkSchema({ operation, schema, sectionSchemas, input }: OperationRequest): Problem | null {
  if (operation !== 'extract') {
    const field = schema !== undefined ? 'schema' : sectionSchemas !== undefined ? 'sectionSchemas' : null;
    return field === null ? null : { field, reason: `only extract takes a schema, not ${operation}` };
  }
  if (sectionSchemas === undefined) return checkObjectSchema(schema, 'schema');
  if (schema !== undefined) return { field: 'schema', reason: 'each section has its own in "sectionSchemas"' };
  if (Array.isArray(input)) return { field: 'input', reason: 'sections are those of one split, not of a list' };
  const named: [string, unknown][] = isJsonObject(sectionSchemas) ? Object.entries(sectionSchemas) : [];
  if (named.length === 0) return { field: 'sectionSchemas', reason: 'expected at least one section' };
  const problems = named.map(([name, one]) => checkObjectSchema(one, `sectionSchemas.${name}`));
  return problems.find((problem) => problem !== null) ?? null;
}

function checkSections({ operation, sections, options }: OperationRequest): Problem | null {
  if (operation !== 'split') {
    return sections === undefined ? null : { field: 'sections', reason: `only split takes sections, not ${operation}` };
  }
  // The vendor takes one or the other.
  if (isJsonObject(options) && options.split_config_id != null) {
    const reason = 'has sections of its own: leave "sections" empty, or leave it out of options';
    return [sections ?? []].flat().length === 0 ? null : { field: 'options.split_config_id', reason };
  }
  return checkSectionList(sections);
}

function checkPages({ pages }: OperationRequest, operation: PulseOperation): Problem | null {
  if (pages === undefined) return null;
  if (operation === 'parse') return checkPageNumbers(pages) ?? checkEnd(pages);
  const reason =
    operation === 'pipeline'
      ? 'a pipeline takes them in its first step (options.steps.extract.pages)'
      : `pulse works on the whole parsed document to ${operation}: restrict pages at parse`;
  return { field: 'pages', reason };
}

function checkEnd(pages: Pages): Problem | null {
  if (Array.isArray(pages) || (pages.end ?? null) !== null) return null;
  return { field: 'pages', reason: 'pulse wants the last page too: {start, end}' };
}

/** Fields that neutral input sets, and how that is called: given in both places, nobody could tell which one counts. */
const NEUTRAL: Record<PulseOperation, Record<string, string>> = {
  parse: { file: 'input', file_url: 'input' },
  extract: {
    extraction_id: 'parsed',
    extraction_ids: 'parsed',
    split_id: 'parsed',
    split_schema_config: 'schema',
    schema_config_id: 'schema',
    'schema_config.input_schema': 'schema',
    'schema_config.schema': 'schema',
  },
  split: { extraction_id: 'parsed', split_config: 'sections' },
  tables: { extraction_id: 'parsed' },
  pipeline: { file: 'input', file_url: 'input' },
};
const GROUPS = ['storage', 'figure_processing', 'extensions', 'spreadsheet', 'schema_config', 'tables_config', 'steps'];

function checkOptions(request: OperationRequest, operation: PulseOperation): Problem | null {
  const options: unknown = request.options ?? {};
  if (!isJsonObject(options)) return { field: 'options', reason: `expected an object of the vendor's own fields` };
  const misspelt = Object.keys(options).find((key) => /[A-Z-]/.test(key));
  if (misspelt !== undefined) return { field: `options.${misspelt}`, reason: `is spelt ${snakeCase(misspelt)} here` };
  if (options.async !== undefined) return { field: 'options.async', reason: 'is always true here; leave it out' };
  const at = (path: string): unknown =>
    path.split('.').reduce<unknown>((value, key) => (isJsonObject(value) ? value[key] : undefined), options);
  for (const [path, neutral] of Object.entries(NEUTRAL[operation])) {
    if (at(path) != null)
      return { field: `options.${path}`, reason: `is set by "${neutral}"; leave it out of options` };
  }
  if (options.pages != null && request.pages !== undefined) {
    return { field: 'options.pages', reason: 'is set by "pages"; leave it out of options' };
  }
  const wrong = GROUPS.find((key) => options[key] != null && !isJsonObject(options[key]));
  if (wrong !== undefined) return { field: `options.${wrong}`, reason: 'expected an object' };
  if ((at('storage.enabled') ?? true) !== true) {
    return {
      field: 'options.storage.enabled',
      reason: 'expected true: without storage there is no extraction_id to extract and split from',
    };
  }
  if (operation === 'pipeline' && (!isJsonObject(options.steps) || Object.keys(options.steps).length === 0)) {
    return { field: 'options.steps', reason: 'pipeline needs it: expected an object of steps in their order' };
  }
  return null;
}

/** The vendor takes two spellings of many fields; taken here too, `fileUrl` would pass by what is said of `file_url`. */
const snakeCase = (name: string): string => name.replace(/[A-Z]/g, '_$&').replaceAll('-', '_').toLowerCase();
