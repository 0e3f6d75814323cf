import type { OperationRequest } from '../../jobs/activities.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../../jobs/json.js';
import type { Pages } from '../../jobs/types.js';
import type { PulseOperation } from './operations.js';

/** The JSON body of a submit: the vendor's own fields as given, the neutral ones in their places. Always asynchronous. */
export function buildBody(request: OperationRequest): JsonObject {
  const { input, options } = request;
  return { ...BUILD[request.operation as PulseOperation](request, input, options ?? {}), async: true };
}

type Build = (request: OperationRequest, input: JsonValue, options: JsonObject) => JsonObject;

const BUILD: Record<PulseOperation, Build> = {
  parse: ({ pages }, input, options) => ({
    ...options,
    file_url: input,
    ...(pages === undefined ? {} : { pages: pagesText(pages) }),
  }),
  extract: ({ schema, sectionSchemas }, input, { schema_config, ...options }) => {
    const config = isJsonObject(schema_config) ? schema_config : {};
    if (sectionSchemas !== undefined) {
      const topics = Object.entries(sectionSchemas).map(([name, one]) => [name, { ...config, schema: one }] as const);
      return { ...options, split_id: input, split_schema_config: Object.fromEntries(topics) };
    }
    const whole = { ...config, ...(schema === undefined ? {} : { input_schema: schema }) };
    return { ...options, [Array.isArray(input) ? 'extraction_ids' : 'extraction_id']: input, schema_config: whole };
  },
  split: ({ sections = [] }, input, options) => ({
    ...options,
    extraction_id: input,
    ...(options.split_config_id == null
      ? { split_config: { split_input: sections.map(({ name, description }) => ({ name, description })) } }
      : {}),
  }),
  tables: (_request, input, options) => ({ ...options, extraction_id: input }),
  pipeline: (_request, input, options) => ({ ...options, file_url: input }),
};

/** The same fields beside the document itself, as the vendor's form wants them: lists and objects as JSON text, the rest as plain text. */
export function formFields(request: OperationRequest): Record<string, string> {
  const { file_url: _url, ...fields } = buildBody(request);
  const given = Object.entries(fields).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(
    given.map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
}

/** `1-2,5`, as the vendor writes pages. */
function pagesText(pages: Pages): string {
  if (!Array.isArray(pages)) return rangeText([pages.start ?? 1, pages.end ?? pages.start ?? 1]);
  const ranges: [first: number, last: number][] = [];
  for (const page of [...new Set(pages)].sort((a, b) => a - b)) {
    const range = ranges.at(-1);
    if (range !== undefined && page === range[1] + 1) range[1] = page;
    else ranges.push([page, page]);
  }
  return ranges.map(rangeText).join(',');
}

const rangeText = ([first, last]: [number, number]): string => (first === last ? String(first) : `${first}-${last}`);
