import fc from 'fast-check';
import { describe, it } from 'vitest';
import type { OperationRequest } from '../../../src/jobs/activities.js';
import { defined } from '../../../src/jobs/defined.js';
import { isJsonObject, type JsonObject } from '../../../src/jobs/json.js';
import type { SubmitStamp } from '../../../src/providers/provider.js';
import { checkRequest } from '../../../src/providers/reducto/check.js';
import { configText, isMarked, ownerOf, showsMetadata } from '../../../src/providers/reducto/list-config.js';
import { listedJobs } from '../../../src/providers/reducto/list-jobs.js';
import { REDUCTO_OPERATIONS, type ReductoOperation } from '../../../src/providers/reducto/operations.js';
import { buildRequest } from '../../../src/providers/reducto/requests.js';
import { retentionOf } from '../../../src/providers/reducto/retention.js';
import { json, jsonObject, word } from '../../support/arbitraries.js';
import { expect, RUNS } from '../../support/properties.js';

const operation = fc.constantFrom(...(Object.keys(REDUCTO_OPERATIONS) as ReductoOperation[]));
const schema = jsonObject.map((rest) => ({ ...rest, type: 'object' }));
const sections = fc.constant([{ name: 'a', description: 'b' }]);
const pages = fc.constantFrom([1, 3], { start: 2, end: 4 });
const document = fc.constantFrom('https://h/a.pdf', 'reducto://up', 's3://b/k');
const parsed = fc.constantFrom('jobid://j1', 'jobid://j2');
/** Of the vendor's own fields: null is what clients write that leave nothing out. */
const group = fc.oneof(jsonObject, fc.constant(null));
const settings = fc.oneof(group, fc.record({ model: fc.constantFrom('m', null), persist_results: fc.boolean() }));
const block = fc.oneof(group, fc.record({ metadata: group, priority: fc.boolean() }));
const optional = { requiredKeys: [] };
const common = { settings, async: block, formatting: group };
const parsing = fc.oneof(group, fc.record({ settings }));
const OPTIONS: Record<ReductoOperation, fc.Arbitrary<JsonObject>> = {
  parse: fc.record(common, optional),
  extract: fc.record({ ...common, parsing, instructions: group }, optional),
  split: fc.record({ ...common, parsing, split_description: fc.constant(null) }, optional),
  pipeline: fc.record({ ...common, pipeline_id: word }, { requiredKeys: ['pipeline_id'] }),
  edit: fc.record({ settings, webhook: block, edit_instructions: word }, { requiredKeys: ['edit_instructions'] }),
  classify: fc.record({ ...common, page_range: fc.constant(null) }, optional),
};
const INPUT: Partial<Record<ReductoOperation, fc.Arbitrary<string | string[]>>> = {
  parse: fc.oneof(document, parsed, fc.array(document, { minLength: 1, maxLength: 2 })),
  extract: fc.oneof(document, parsed, fc.array(parsed, { minLength: 1, maxLength: 2 })),
  split: fc.oneof(document, parsed),
};
const PAGED: readonly ReductoOperation[] = ['parse', 'extract', 'classify'];
/** As a careful client asks. */
const careful = operation.chain((what) => {
  const fields: Record<string, fc.Arbitrary<unknown>> = { input: INPUT[what] ?? document, options: OPTIONS[what] };
  if (what === 'extract') fields.schema = schema;
  if (what === 'split') fields.sections = sections;
  if (PAGED.includes(what)) fields.pages = fc.option(pages, { nil: undefined });
  return fc.record(fields).map((rest) => ({ operation: what, ...defined(rest) }));
}) as fc.Arbitrary<OperationRequest>;
const NAMES = ['operation', 'input', 'schema', 'sections', 'pages', 'options'];
/** And with one field of any other value. */
const careless = fc
  .tuple(careful, fc.constantFrom(...NAMES), fc.oneof(json, parsed, document))
  .map(([asked, name, value]) => ({ ...asked, [name]: value })) as fc.Arbitrary<OperationRequest>;

const takes = (asked: OperationRequest): boolean => checkRequest(asked, { hasSecrets: true }) === null;
const owner = { namespaceId: 'ns', workflowId: 'wf "1"', firstExecutionRunId: 'run' };
const stamp: SubmitStamp = { marker: 'ab'.repeat(32), owner };
const bodyOf = (asked: OperationRequest): JsonObject => buildRequest(asked, 'r-1', stamp).body;

describe('checkRequest', () => {
  it('takes what a careful client asks, and names the field that it refuses of another', () => {
    fc.assert(
      fc.property(careful, careless, (good, odd) => {
        expect(checkRequest(good, { hasSecrets: false })).toBeNull();
        const field = checkRequest(odd, { hasSecrets: false })?.field.split('.')[0] ?? 'input';
        expect(NAMES).toContain(field);
      }),
      RUNS,
    );
  });

  function checkSent(asked: OperationRequest): void {
    const body = bodyOf(asked);
    expect(asked.operation === 'edit' ? body.document_url : body.input).toEqual(asked.input);
    const { schema: sent } = isJsonObject(body.instructions) ? body.instructions : {};
    expect([sent, body.split_description ?? undefined]).toEqual([asked.schema, asked.sections]);
    const range = asked.operation === 'classify' ? body : isJsonObject(body.settings) ? body.settings : {};
    expect(range.page_range ?? undefined).toEqual(asked.pages);
  }

  it('lets nothing pass that would be sent otherwise than it was asked', () => {
    fc.assert(fc.property(fc.oneof(careful, careless).filter(takes), checkSent), RUNS);
  });

  it('nor when a client writes null for the field that it leaves to us', () => {
    const left = fc.constantFrom('input', 'document_url');
    const asked = fc.tuple(careful, left).map(([one, name]) => ({ ...one, options: { ...one.options, [name]: null } }));
    fc.assert(fc.property(asked.filter(takes), checkSent), RUNS);
  });
});

describe('buildRequest', () => {
  it('leaves a stamp that a list which shows the body tells the job and its owner by', () => {
    fc.assert(
      fc.property(careful, fc.boolean(), (asked, isText) => {
        const body = bodyOf(asked);
        const job = { job_id: 'j', raw_config: isText ? JSON.stringify(body) : body };
        expect(configText(job)).toContain(stamp.marker);
        expect([isMarked(job), showsMetadata(job), ownerOf(job)]).toEqual([true, true, owner]);
        expect(listedJobs({ jobs: [job] }).jobs[0]).toMatchObject({ jobId: 'j', owner });
      }),
      RUNS,
    );
  });

  it('keeps the caller’s own metadata', () => {
    fc.assert(
      fc.property(careful, (asked) => {
        const body = bodyOf(asked);
        const place = asked.operation === 'edit' ? 'webhook' : 'async';
        const given = isJsonObject(asked.options?.[place]) ? asked.options[place] : {};
        const own = isJsonObject(given.metadata) ? given.metadata : {};
        expect((body[place] as JsonObject).metadata).toEqual({ ...own, documentJobs: { marker: stamp.marker, owner } });
      }),
      RUNS,
    );
  });

  it('pins the model wherever a document is parsed, unless the caller names one', () => {
    fc.assert(
      fc.property(careful, (asked) => {
        const places: Partial<Record<string, string[]>> = { parse: ['settings'], extract: ['parsing', 'settings'] };
        const place = places[asked.operation === 'split' ? 'extract' : asked.operation];
        if (place === undefined) return;
        const at = (body: JsonObject): unknown =>
          [...place, 'model'].reduce<unknown>((inner, key) => (isJsonObject(inner) ? inner[key] : undefined), body);
        const isParsed = asked.operation !== 'parse' && String(asked.input).startsWith('jobid:');
        expect(at(bodyOf(asked))).toBe(isParsed ? undefined : (at(asked.options ?? {}) ?? 'r-1'));
      }),
      RUNS,
    );
  });
});

describe('retentionOf', () => {
  it('is for ever only where the account is opted in and the request asks for it', () => {
    fc.assert(
      fc.property(careful, fc.boolean(), fc.nat(), (asked, persistsResults, retentionMs) => {
        const kept = retentionOf(asked, { persistsResults, retentionMs });
        const asksFor = JSON.stringify(asked.options ?? {}).includes('"persist_results":true');
        expect(kept === Infinity ? persistsResults && asksFor : kept === retentionMs).toBe(true);
      }),
      RUNS,
    );
  });
});
