import { z } from 'zod';
import { VENDOR_NAMES } from './vendors.js';
import { type EventAct, eventActSchema } from './webhooks/event-faults.js';

const OPERATIONS = ['parse', 'extract', 'split', 'pipeline', 'edit', 'classify', 'tables'] as const;
const TERMINAL_WORDS = new Set(['completed', 'failed', 'cancelled', 'canceled', 'expired']);

const operation = z.enum(OPERATIONS).optional();
const provider = z.enum(VENDOR_NAMES).optional();
const nth = z.union([
  z.int().min(1),
  z.strictObject({ from: z.int().min(1), to: z.int().min(1) }).refine(({ from, to }) => from <= to),
]);
const whichCalls = nth.optional();
const ms = z.number().min(0);

const answer = z.strictObject({
  /** HTTP status. */
  status: z.int().min(200).max(599),
  /** A string is sent as it is, anything else as JSON; default empty. */
  body: z.json().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  /** Carry the call out all the same, so that only its answer is lost: a submit's job exists. Default false. */
  accept: z.boolean().optional(),
});
const NAMED_ACTS = [
  /** The connection is destroyed and nothing happened. */
  'drop-before-accept',
  /** The call is carried out, then the connection is destroyed. */
  'drop-after-accept',
  /** The call is carried out; half of the answer's body arrives, then the connection is destroyed. */
  'truncate-body',
  /** A proxy's HTML page, nothing happened. */
  'html-502',
  /** The vendor's own 429, nothing happened. */
  'rate-limited',
] as const;
const namedAct = z.enum(NAMED_ACTS);
/** The call is carried out, then its answer waits so long (real time). */
const slowHeaders = z.strictObject({ slowHeadersMs: ms });
/** The head of the answer is sent at once, its body after so long (real time). */
const slowBody = z.strictObject({ slowBodyMs: ms });

const failed = z.strictObject({
  failed: z.strictObject({ name: z.string(), message: z.string(), code: z.int().optional() }),
});
const cancel = z.strictObject({ cancel: z.enum(['ignored', 'completes-first', 'error']) });
const statusWord = z.strictObject({
  statusWord: z
    .string()
    .min(1)
    .refine((word) => !TERMINAL_WORDS.has(word.toLowerCase()), 'expected a word that is no end'),
  forMs: ms,
});
const namedFate = z.enum(['stuck', 'vanished']);

const has = (value: unknown, key: string): boolean => typeof value === 'object' && value !== null && key in value;

/** Chooses the one schema that a value means to fit, so that an error is about that one and not about all. */
function choose<T extends z.ZodType>(pick: (value: unknown) => T) {
  return z.unknown().transform((value, context): z.output<T> => {
    const checked = pick(value).safeParse(value);
    if (checked.success) return checked.data;
    for (const issue of checked.error.issues) {
      context.issues.push({ ...issue, input: value, path: [...issue.path] } as z.core.$ZodRawIssue);
    }
    return z.NEVER;
  });
}

const callRule = z.strictObject({
  /** `put` = the bytes of a presigned upload; `fetch` = a result behind a URL. */
  on: z.enum(['submit', 'get', 'list', 'cancel', 'delete', 'upload', 'put', 'fetch']),
  /** Default: any. A presigned URL belongs to none. */
  provider,
  /** Default: any. */
  operation,
  /** Which of the matching calls, 1-based; default every one. */
  call: whichCalls,
  /** 0..1, seeded; default 1. */
  probability: z.number().min(0).max(1).optional(),
  do: choose((value) => {
    if (typeof value === 'string') return namedAct;
    if (has(value, 'slowHeadersMs')) return slowHeaders;
    return has(value, 'slowBodyMs') ? slowBody : answer;
  }),
});

const jobRule = z.strictObject({
  job: choose((value) => {
    if (typeof value === 'string') return namedFate;
    if (has(value, 'cancel')) return cancel;
    return has(value, 'statusWord') ? statusWord : failed;
  }),
  /** Default: any. A presigned URL belongs to none. */
  provider,
  /** Default: any. */
  operation,
  /** Which of the matching accepted jobs, 1-based; default every one. */
  nth: whichCalls,
});

const eventRule = z.strictObject({
  event: choose(eventActSchema),
  /** Default: any. */
  provider,
  /** Default: any. */
  operation,
  /** Which of the matching jobs whose end is told by a webhook, 1-based, as they are accepted; default every one. */
  nth: whichCalls,
  /** 0..1, seeded; default 1. */
  probability: z.number().min(0).max(1).optional(),
});

export const faultRules = z.array(
  choose((rule) => (has(rule, 'job') ? jobRule : has(rule, 'event') ? eventRule : callRule)),
);

/** What happens to an HTTP call. */
export type CallRule = z.input<typeof callRule> & { do: CallAct };
export type CallKind = CallRule['on'];
export type CallAct =
  z.infer<typeof namedAct> | z.infer<typeof answer> | z.infer<typeof slowHeaders> | z.infer<typeof slowBody>;

/** What happens to an accepted job. */
export type JobRule = z.input<typeof jobRule> & { job: JobFate };
export type JobFate =
  z.infer<typeof namedFate> | z.infer<typeof failed> | z.infer<typeof cancel> | z.infer<typeof statusWord>;

/** What happens to the webhook that tells of a job's end. */
export type EventRule = z.input<typeof eventRule> & { event: EventAct };

/** One line of a fault script. Rules are tried in order; the first that fires decides. */
export type FaultRule = CallRule | JobRule | EventRule;
export type Nth = z.infer<typeof nth>;
