import { z } from 'zod';

/*
 * What Pulse sends, as loosely as it may be read: objects keep unknown fields, words are free strings, whatever the vendor may leave out is
 * optional and nullable.
 */

const nullish = <T extends z.ZodType>(type: T) => type.nullable().optional();

/** For display and accounting: whatever else comes in its place must not cost the read. */
const advisory = <T extends z.ZodType>(type: T) => nullish(type).catch(null);

const id = z.string().min(1);
/** Some sources show figures as text. */
const figure = z.union([
  z.number(),
  z
    .string()
    .regex(/^\d+(\.\d+)?$/)
    .transform(Number),
]);

/** The acknowledgement of an asynchronous submit. `/tables` is said to give the id under a name of its own. */
export const Acknowledged = z.looseObject({ job_id: nullish(id), tables_id: nullish(id) });

/** `GET /job/{id}`. It does not say which endpoint made the job. `result` is read in a second step, by what was submitted. */
export const Job = z.looseObject({
  status: z.string(),
  created_at: advisory(z.string()),
  /** Of all sources only one shows it. */
  completed_at: advisory(z.string()),
  updated_at: advisory(z.string()),
  result: z.unknown().optional(),
  error: nullish(
    z.union([z.string(), z.looseObject({ code: advisory(z.string()), message: advisory(z.string()) })]),
  ).catch(null),
});
export type Job = z.infer<typeof Job>;

/** Only `is_url` and `url` are certain. */
export const Pointer = z.looseObject({
  is_url: z.literal(true),
  url: z.string().min(1),
  extraction_id: advisory(id),
  page_count: advisory(figure),
  credits_used: advisory(figure),
});
export type Pointer = z.infer<typeof Pointer>;

/** What every finished body may have. `plan_info` has the organisation's totals, not this job's, and is left alone. */
const Billing = { credits_used: advisory(figure), page_count: advisory(figure) };
export const AnyBody = z.looseObject(Billing);

export const ExtractionBody = z.looseObject({ ...Billing, extraction_id: advisory(id) });

export const SplitBody = z.looseObject({
  ...Billing,
  split_id: id,
  split_output: z.looseObject({ splits: z.record(z.string(), nullish(z.array(z.int().min(1)))) }),
});

const Values = z.looseObject({ values: z.unknown(), citations: z.unknown().optional() });

export const SchemaBody = z.looseObject({ ...Billing, schema_id: nullish(id), schema_output: Values });

/** By topic. The reference says `results`; one of its samples says `schema_output`. */
export const SplitSchemaBody = z
  .looseObject({
    ...Billing,
    results: nullish(z.record(z.string(), Values)),
    schema_output: nullish(z.record(z.string(), Values)),
    errors: nullish(z.record(z.string(), z.unknown())),
  })
  .refine((body) => (body.results ?? body.schema_output ?? body.errors) != null, {
    path: ['results'],
    message: 'neither results nor errors',
  });

export const TablesBody = z.looseObject({
  ...Billing,
  tables_id: nullish(id),
  tables_output: z.looseObject({ tables: z.array(z.looseObject({ from_chart: advisory(z.boolean()) })) }),
});

export const PipelineBody = z.looseObject({ ...Billing, results: z.record(z.string(), z.unknown()) });

/** `POST /webhook`. */
export const Portal = z.looseObject({ link: z.url({ protocol: /^https?$/ }) });
