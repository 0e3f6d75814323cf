import { z } from 'zod';

/*
 * What Reducto sends, as loosely as it may be read: objects keep unknown fields, words are free strings, whatever the vendor may leave
 * out is optional and nullable. Reading stricter than needed would turn a vendor's new field into a lost result.
 */

const nullish = <T extends z.ZodType>(type: T) => type.nullable().optional();

/** For display and accounting: whatever else comes in its place must not cost the read. */
const advisory = <T extends z.ZodType>(type: T) => nullish(type).catch(null);

export const Submitted = z.looseObject({ job_id: z.string().min(1) });

export const Uploaded = z.looseObject({ file_id: z.string().min(1), presigned_url: nullish(z.string()) });

/** Older servers say `type` instead of `name`. */
const ErrorDetail = z.looseObject({
  name: advisory(z.string()),
  type: advisory(z.string()),
  message: advisory(z.string()),
});

/** `GET /job/{id}`. It has no `job_id`. `result` is read in a second step, by what was submitted. */
export const Job = z.looseObject({
  status: z.string(),
  result: z.unknown().optional(),
  progress: advisory(z.number()),
  reason: advisory(z.string()),
  error: advisory(ErrorDetail),
  num_pages: advisory(z.number()),
  created_at: advisory(z.string()),
  /** Seconds. */
  duration: advisory(z.number()),
});
export type Job = z.infer<typeof Job>;

/** `POST /configure_webhook` answers with a JSON string. */
export const PortalUrl = z.url({ protocol: /^https?$/ });

export const JobList = z.looseObject({
  jobs: z.array(
    z.looseObject({
      job_id: z.string().min(1),
      status: advisory(z.string()),
      type: advisory(z.string()),
      created_at: advisory(z.string()),
      num_pages: advisory(z.number()),
      raw_config: z.unknown().optional(),
    }),
  ),
  next_cursor: nullish(z.string()),
});
export type JobList = z.infer<typeof JobList>;
export type ListedJob = JobList['jobs'][number];

const Owner = z.object({
  namespaceId: z.string().min(1),
  workflowId: z.string().min(1),
  firstExecutionRunId: z.string().min(1),
});
const Stamped = advisory(
  z.looseObject({
    metadata: advisory(z.looseObject({ documentJobs: advisory(z.looseObject({ owner: advisory(Owner) })) })),
  }),
);
/** A job's configuration as far as the stamp in it goes. */
export const JobConfig = z.looseObject({ async: Stamped, webhook: Stamped });

/** A result that lies behind a signed URL. `result_id` tells it from a user's own `{type, url}`. */
export const UrlResult = z.looseObject({ type: z.literal('url'), url: z.string(), result_id: z.string() });

const Usage = advisory(z.looseObject({ num_pages: advisory(z.number()), credits: advisory(z.number()) }));

/** What every finished body has around its `result`, where it has one. */
export const ResultBody = z.looseObject({ usage: Usage, result: z.unknown().optional() });

/** `result` may hold anything, but it must be there. */
export const ExtractBody = z.looseObject({ usage: Usage, result: z.unknown(), citations: z.unknown().optional() });

export const ParseBody = z.looseObject({ usage: Usage, result: z.looseObject({ chunks: z.array(z.unknown()) }) });

const page = z.int().min(1);
/** A deep split gives each page with its evidence. */
const SplitPage = z.union([page, z.looseObject({ page_number: page })], 'expected a page number from 1');

/** The pages stand in `splits`, or in `section_mapping` alone. */
export const SplitBody = z.looseObject({
  usage: Usage,
  result: z
    .looseObject({
      splits: nullish(z.array(z.looseObject({ name: z.string(), pages: nullish(z.array(SplitPage)) }))),
      section_mapping: nullish(z.record(z.string(), z.array(page))),
    })
    .refine(({ splits, section_mapping }) => (splits ?? section_mapping) != null, {
      path: ['splits'],
      message: 'neither splits nor section_mapping',
    }),
});
