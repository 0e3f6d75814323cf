import type { OperationRequest } from '../../jobs/activities.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../../jobs/json.js';
import type { SubmitStamp } from '../provider.js';
import { stamped } from './list-config.js';
import { REDUCTO_OPERATIONS, type ReductoOperation } from './operations.js';

export interface ReductoRequest {
  path: string;
  body: JsonObject;
}

/** The body that a submit sends: the vendor's own fields as given, the neutral ones in their places, the model pinned, the stamp in the metadata. */
export function buildRequest(request: OperationRequest, model: string, stamp: SubmitStamp): ReductoRequest {
  const operation = request.operation as ReductoOperation;
  const options = request.options ?? {};
  return { path: REDUCTO_OPERATIONS[operation].path, body: BUILD[operation]({ request, options, model, stamp }) };
}

interface Parts {
  request: OperationRequest;
  options: JsonObject;
  model: string;
  stamp: SubmitStamp;
}

const BUILD: Record<ReductoOperation, (parts: Parts) => JsonObject> = {
  parse: ({ request, options, model, stamp }) => ({
    ...options,
    input: request.input,
    settings: { ...pinned(options.settings, model), ...pageRange(request) },
    async: asyncBlock(options, stamp),
  }),
  extract: ({ request, options: { parsing, ...options }, model, stamp }) => ({
    ...options,
    input: request.input,
    ...parsingGroup(request, parsing, model),
    instructions: {
      ...group(options.instructions),
      ...(request.schema === undefined ? {} : { schema: request.schema }),
    },
    ...(options.settings === undefined && request.pages === undefined
      ? {}
      : { settings: { ...group(options.settings), ...pageRange(request) } }),
    async: asyncBlock(options, stamp),
  }),
  split: ({ request, options: { parsing, ...options }, model, stamp }) => ({
    ...options,
    input: request.input,
    ...parsingGroup(request, parsing, model),
    ...(request.sections === undefined
      ? {}
      : { split_description: request.sections.map(({ name, description }) => ({ name, description })) }),
    async: asyncBlock(options, stamp),
  }),
  pipeline: ({ request, options, stamp }) => ({
    ...options,
    input: request.input,
    async: asyncBlock(options, stamp),
  }),
  // The one endpoint that still takes `document_url`, and its metadata inside `webhook`.
  edit: ({ request, options, stamp }) => ({
    ...options,
    document_url: request.input,
    webhook: {
      mode: 'disabled',
      ...group(options.webhook),
      metadata: stamped(group(options.webhook).metadata, stamp),
    },
  }),
  classify: ({ request, options, stamp }) => ({
    ...options,
    input: request.input,
    ...(request.pages === undefined ? {} : { page_range: request.pages }),
    async: asyncBlock(options, stamp),
  }),
};

/** True for the reference to a finished parse. */
export function isParsedReference(input: OperationRequest['input']): boolean {
  return [input].flat().some((one) => /^jobid:\/\//i.test(one));
}

/** The vendor ignores `parsing` on a parsed document: it is left out there. */
function parsingGroup({ input }: OperationRequest, given: JsonValue | undefined, model: string): JsonObject {
  if (isParsedReference(input)) return {};
  return { parsing: { ...group(given), settings: pinned(group(given).settings, model) } };
}

/** Unset includes null, which would mean the vendor's own default. */
function pinned(settings: JsonValue | undefined, model: string): JsonObject {
  const given = group(settings);
  return { ...given, model: given.model ?? model };
}

function pageRange({ pages }: OperationRequest): JsonObject {
  return pages === undefined ? {} : { page_range: pages };
}

function asyncBlock(options: JsonObject, stamp: SubmitStamp): JsonObject {
  const given = group(options.async);
  return { ...given, metadata: stamped(given.metadata, stamp) };
}

const group = (value: JsonValue | undefined): JsonObject => (isJsonObject(value) ? value : {});

/** The parse model that a submit of the request pins; null when it parses nothing. */
export function modelOf(request: OperationRequest, model: string): string | null {
  if (!(request.operation in REDUCTO_OPERATIONS)) return null;
  const { body } = buildRequest(request, model, { marker: '' });
  const pinnedIn = group(body.settings).model ?? group(group(body.parsing).settings).model;
  return typeof pinnedIn === 'string' ? pinnedIn : null;
}
