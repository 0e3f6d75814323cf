import { expect } from 'vitest';

/** A field's type: `typeof`, `null` beside it where the vendor's types allow it, or the fields inside. */
type Field =
  'string' | 'number' | 'array' | 'object' | 'string|null' | 'array|null' | 'object|null' | 'number|null' | Fields;
interface Fields {
  [name: string]: Field;
}

/** The fields that the vendor's own types require, by the names of those types. Written by hand from reductoai 0.16.0. */
export const REQUIRED = {
  Upload: { file_id: 'string' },
  AsyncResponse: { job_id: 'string' },
  ParseResponse: { duration: 'number', job_id: 'string', result: { type: 'string' }, usage: { num_pages: 'number' } },
  FullResult: { chunks: 'array', type: 'string' },
  Chunk: { blocks: 'array', content: 'string', embed: 'string', enriched: 'string|null' },
  Block: {
    bbox: { height: 'number', left: 'number', page: 'number', top: 'number', width: 'number' },
    content: 'string',
    type: 'string',
  },
  URLResult: { result_id: 'string', type: 'string', url: 'string' },
  ExtractResponse: {
    citations: 'array|null',
    result: 'array',
    usage: { num_fields: 'number', num_pages: 'number' },
  },
  V3Extract: { result: 'object', usage: { num_fields: 'number', num_pages: 'number' } },
  SplitResponse: { result: { section_mapping: 'object|null', splits: 'array' }, usage: { num_pages: 'number' } },
  Split: { name: 'string', pages: 'array' },
  PipelineResponse: {
    job_id: 'string',
    result: { extract: 'object|null', parse: 'object|null', split: 'object|null' },
    usage: { num_pages: 'number' },
  },
  EditResponse: { document_url: 'string' },
  ClassifyResponse: { job_id: 'string', result: { category: 'string' } },
  ClassifyCategory: { category: 'string', confidence: 'number', criteria_confidence: 'array' },
  JobGetResponse: { status: 'string' },
  JobGetAllResponse: { jobs: 'array' },
  ListedJob: {
    created_at: 'string',
    duration: 'number|null',
    job_id: 'string',
    num_pages: 'number|null',
    raw_config: 'string',
    status: 'string',
    total_pages: 'number|null',
    type: 'string',
  },
} as const satisfies Record<string, Fields>;

/** Expects that `value` has all that the named type requires. */
export function expectRequired(value: unknown, type: keyof typeof REQUIRED): void {
  expect(kindsOf(value, REQUIRED[type]), type).toEqual(REQUIRED[type]);
}

/** What stands at the places of `fields`, said in the same words; a null says what it may be. */
function kindsOf(value: unknown, fields: Fields): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => {
      const inner = (value as Record<string, unknown>)[name];
      return [name, typeof field === 'string' ? kindOf(inner, field) : kindsOf(inner, field)];
    }),
  );
}

function kindOf(value: unknown, wanted: string): string {
  const kind = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
  return wanted.split('|').includes(kind) ? wanted : kind;
}
