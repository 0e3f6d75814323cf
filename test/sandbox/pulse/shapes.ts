import { z } from 'zod';

/** The bodies of the vendor's API, strictly: a field too many is a mistake here. */
const uuid = z.uuid();
const iso = z.iso.datetime();
const pages = z.array(z.int().min(1));
const billing = {
  credits_used: z.number(),
  plan_info: z.strictObject({ tier: z.string(), total_credits_used: z.number(), pages_used: z.int() }),
};

const polygon = z.array(z.number().min(0).max(1)).length(8);
const boxItem = z.strictObject({
  id: z.string().regex(/^txt-\d+$/),
  content: z.string(),
  original_content: z.string(),
  page_number: z.int().min(1),
  bounding_box: polygon,
});
const boundingBoxes = z.strictObject({
  Title: z.array(boxItem),
  Text: z.array(boxItem),
  Footer: z.array(boxItem),
  Header: z.array(boxItem).optional(),
  SectionHeader: z.array(boxItem).optional(),
  Images: z.array(z.never()),
  Tables: z.array(
    z.strictObject({
      table_info: z.strictObject({
        id: z.string().regex(/^tbl-\d+$/),
        dimensions: z.strictObject({ rows: z.int(), columns: z.int() }),
        page_number: z.int().min(1),
        bounding_box: polygon,
      }),
      cell_data: z.array(
        z.strictObject({
          id: z.string().regex(/^tbl-\d+-r\d+c\d+$/),
          content: z.string(),
          row: z.int().min(1),
          column: z.int().min(1),
        }),
      ),
    }),
  ),
  markdown_with_ids: z.string(),
});

export const ack = z.strictObject({ job_id: uuid, status: z.literal('pending'), message: z.string() });

const extractionFields = {
  markdown: z.string().min(1),
  page_count: z.int().min(1),
  extraction_id: uuid,
  extraction_url: z.url(),
  bounding_boxes: boundingBoxes,
};
export const extraction = z.strictObject({ ...extractionFields, ...billing });
export const unsavedExtraction = extraction.omit({ extraction_id: true, extraction_url: true });

export const pointer = z.strictObject({
  is_url: z.literal(true),
  url: z.url(),
  extraction_id: uuid,
  page_count: z.int().min(1),
  ...billing,
});

const splitOutput = z.strictObject({ splits: z.record(z.string(), pages) });
export const split = z.strictObject({ split_id: uuid, split_output: splitOutput, ...billing });

/** Leaves of citations are text. */
const citations: z.ZodType = z.lazy(() => z.union([z.string(), z.array(citations), z.record(z.string(), citations)]));
const values = z.strictObject({ values: z.record(z.string(), z.json()), citations: z.record(z.string(), citations) });
export const schema = z.strictObject({
  schema_id: uuid,
  version: z.int().min(1),
  schema_output: values,
  extraction_ids: z.array(uuid).optional(),
  ...billing,
});
export const topicSchema = z.strictObject({
  schema_id: uuid,
  split_id: uuid,
  results: z.record(z.string(), values),
  input_schemas: z.record(z.string(), z.record(z.string(), z.json())),
  errors: z.record(z.string(), z.string()).optional(),
  ...billing,
});

const tablesOutput = z.strictObject({
  tables: z.array(
    z.strictObject({
      table_content: z.union([
        z.string().startsWith('<table>'),
        z.strictObject({ headers: z.array(z.string()), rows: z.array(z.record(z.string(), z.string())) }),
      ]),
      citations: z.array(z.string()),
      from_chart: z.literal(false),
    }),
  ),
});
export const tables = z.strictObject({ tables_id: uuid, tables_output: tablesOutput, ...billing });

const latency = z.number().min(0);
export const pipeline = z.strictObject({
  status: z.literal('completed'),
  total_latency: latency,
  results: z.strictObject({
    extract: z.strictObject({ ...extractionFields, pages: z.int().min(1), latency }),
    split: z
      .strictObject({
        split_id: uuid,
        split_output: splitOutput,
        split_input: z.array(z.strictObject({ name: z.string(), description: z.string().nullable() })),
        latency,
      })
      .optional(),
    schema: z
      .strictObject({
        schema_id: uuid,
        schema_output: values.optional(),
        results: z.record(z.string(), values).optional(),
        input_schemas: z.record(z.string(), z.json()).optional(),
        errors: z.record(z.string(), z.string()).optional(),
        latency,
      })
      .optional(),
    tables: z.strictObject({ tables_id: uuid, tables_output: tablesOutput, latency }).optional(),
  }),
  auto_delete: z.literal(true).optional(),
  ...billing,
});

const jobFields = { job_id: uuid, created_at: iso, updated_at: iso };
export const runningJob = z.strictObject({ ...jobFields, status: z.enum(['pending', 'processing']) });
export const completedJob = z.strictObject({
  ...jobFields,
  status: z.literal('completed'),
  completed_at: iso,
  result: z.record(z.string(), z.unknown()),
});
export const failedJob = z.strictObject({
  ...jobFields,
  status: z.literal('failed'),
  completed_at: iso,
  error: z.string().min(1),
});
export const canceledJob = z.strictObject({ ...jobFields, status: z.literal('canceled'), completed_at: iso });
export const expiredJob = z.strictObject({
  ...jobFields,
  status: z.literal('expired'),
  completed_at: iso,
  result: z.strictObject({}),
});

export const error = z.strictObject({
  error: z.strictObject({
    code: z.string().min(1).optional(),
    message: z.string().min(1),
    details: z.json().optional(),
  }),
});
