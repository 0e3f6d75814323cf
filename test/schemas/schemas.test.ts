import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CONTRACTS } from '../../scripts/schemas/contracts.js';
import { makeSchemas } from '../../scripts/schemas/make-schemas.js';
import { FAILURE_TYPES } from '../../src/jobs/failures.js';
import { FILES, problemsOf } from './contracts.js';

interface Payloads {
  payloads?: { data: string }[];
}
interface Event {
  workflowExecutionStartedEventAttributes?: { workflowType: { name: string }; input?: Payloads };
  workflowExecutionCompletedEventAttributes?: { result?: Payloads };
  workflowExecutionFailedEventAttributes?: {
    failure: { applicationFailureInfo?: { type?: string; details?: Payloads } };
  };
}

const decoded = (data: string): unknown => JSON.parse(Buffer.from(data, 'base64').toString('utf8'));

/** What went in and out of a workflow that really ran: `[contract, part, value]`. */
function* messagesOf(file: string): Generator<[string, string, unknown]> {
  const { events } = JSON.parse(readFileSync(join('test/histories', file), 'utf8')) as { events: Event[] };
  const started = events[0]?.workflowExecutionStartedEventAttributes;
  const name = started?.workflowType.name ?? '';
  const ended = events.at(-1);
  if (FILES.has(`${name}.json`)) {
    const input = started?.input?.payloads?.[0];
    const result = ended?.workflowExecutionCompletedEventAttributes?.result?.payloads?.[0];
    if (input !== undefined) yield [name, 'input', decoded(input.data)];
    if (result !== undefined) yield [name, 'result', decoded(result.data)];
  }
  const { type, details } = ended?.workflowExecutionFailedEventAttributes?.failure.applicationFailureInfo ?? {};
  const detail = details?.payloads?.[0];
  if (type !== undefined && detail !== undefined && (FAILURE_TYPES as readonly string[]).includes(type))
    yield ['failures', type, decoded(detail.data)];
}

const messages = readdirSync('test/histories', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.json'))
  .flatMap((file) => [...messagesOf(file)].map((message) => [file, ...message] as const));

describe('schemas/', () => {
  it('is what the types say: `npm run schemas` makes it anew', async () => {
    expect(Object.fromEntries(FILES)).toEqual(Object.fromEntries(await makeSchemas()));
  });

  it('names its files for ever, in today’s draft', () => {
    const heads = [...FILES.values()].map((text) => JSON.parse(text) as { $id: string; $schema: string });
    expect(heads.map(({ $id }) => $id)).toEqual(
      ['failures', 'forgetDocument', 'processBatch', 'processDocument', 'reapOrphanedJobs'].map(
        (name) => `urn:temporal-document-jobs:schemas:${name}`,
      ),
    );
    expect(new Set(heads.map(({ $schema }) => $schema))).toEqual(
      new Set(['https://json-schema.org/draft/2020-12/schema']),
    );
  });

  it('is in the package, where its exports say', () => {
    const require = createRequire(import.meta.url);
    const { files } = JSON.parse(readFileSync('package.json', 'utf8')) as { files: string[] };
    expect(files).toContain('schemas');
    for (const [name, text] of FILES)
      expect(require(`temporal-document-jobs/schemas/${name}`)).toEqual(JSON.parse(text));
  });

  it('fits all that went in and out of the workflows whose histories are kept', () => {
    const wrong = messages
      .map(([file, contract, part, value]) => ({ file, problems: problemsOf(contract, part, value) }))
      .filter(({ problems }) => problems.length > 0);
    expect(wrong).toEqual([]);
    const seen = new Set(messages.map(([, contract, part]) => `${contract} ${part}`));
    const kept = CONTRACTS.flatMap(({ name, parts }) => Object.keys(parts).map((part) => `${name} ${part}`));
    expect(kept.filter((part) => !/ (status|change|details)$/.test(part) && !seen.has(part))).toEqual([]);
  });

  it('has the details of every failure type', () => {
    const { $defs } = JSON.parse(FILES.get('failures.json') ?? '') as {
      $defs: { FailureDetails: { required: string[]; properties: Record<string, { description?: string }> } };
    };
    expect([...$defs.FailureDetails.required].sort()).toEqual([...FAILURE_TYPES].sort());
    const silent = Object.entries($defs.FailureDetails.properties).filter(([, { description }]) => !description);
    expect(silent).toEqual([]);
  });

  it.each<[string, unknown, string]>([
    ['no source', {}, " must have required property 'source'"],
    ['an unknown choice', { source: 'x', results: 'sometimes' }, '/results must be equal to one of the allowed values'],
    [
      'a section without words',
      { source: 'x', sections: [{ name: 'a' }] },
      "/sections/0 must have required property 'description'",
    ],
    ['a text for a list', { source: 'x', sections: 'all' }, '/sections must be array'],
    ['a null', { source: 'x', schema: null }, '/schema must be object'],
  ])('refuses an input with %s', (_what, input, problem) => {
    expect(problemsOf('processDocument', 'input', input)).toContain(problem);
  });

  it('refuses a result that lacks its receipt', () => {
    const [, , , result] =
      messages.find(([, contract, part]) => contract === 'processDocument' && part === 'result') ?? [];
    const { receipt: _receipt, ...rest } = result as { receipt: unknown };
    expect(problemsOf('processDocument', 'result', rest)).toEqual([" must have required property 'receipt'"]);
  });
});
