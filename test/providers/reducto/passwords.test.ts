import { expect, it } from 'vitest';
import type { OperationRequest } from '../../../src/jobs/activities.js';
import type { JsonObject } from '../../../src/jobs/json.js';
import type { ReductoOptions } from '../../../src/providers/reducto/index.js';
import { errorOf, withVendor } from './with-vendor.js';

const PASSWORD = 'correct "horse" ü';
const named = { settings: { document_password: { secret: 'acme' } } };
const ok = { status: 200, body: { job_id: 'j' } };
const url = 'https://h/a.pdf';
const parse: OperationRequest = { operation: 'parse', input: url, options: named };

it.each([
  [parse, ['settings']],
  [
    { operation: 'extract', input: url, schema: { type: 'object' }, options: { parsing: named } },
    ['parsing', 'settings'],
  ],
  [
    { operation: 'split', input: url, sections: [{ name: 'A', description: 'a' }], options: { parsing: named } },
    ['parsing', 'settings'],
  ],
  [{ operation: 'pipeline', input: url, options: { pipeline_id: 'p', ...named } }, ['settings']],
] as [OperationRequest, string[]][])('is put in place of its name: $operation', async (request, place) => {
  const before = structuredClone(request);
  const asked: string[] = [];
  const secrets = async (name: string): Promise<string> => {
    asked.push(name);
    return PASSWORD;
  };
  await withVendor(ok, { secrets }, async (provider, server) => {
    expect(provider.check(request)).toBeNull();
    await provider.submit(request, { marker: 'm1' }, {});
    const sent = JSON.parse(server.seen[0]?.body ?? '') as JsonObject;
    const group = place.reduce<JsonObject>((value, key) => value[key] as JsonObject, sent);
    expect(group.document_password).toBe(PASSWORD);
    expect(asked).toEqual(['acme']);
    expect(request, 'the request stays as history has it').toEqual(before);
  });
});

it('is not asked for when the vendor would ignore it', async () => {
  const secrets = (): never => {
    throw new Error('asked');
  };
  await withVendor(ok, { secrets }, async (provider, server) => {
    const request = { operation: 'extract', input: 'jobid://p', schema: { type: 'object' } } as const;
    await provider.submit({ ...request, options: { parsing: named } }, { marker: 'm1' }, {});
    await provider.submit({ operation: 'parse', input: url }, { marker: 'm2' }, {});
    expect(server.seen).toHaveLength(2);
  });
});

it.each([
  ['no secrets at all', undefined, 'rejected', /the secret "acme"/],
  ['an unknown name', () => undefined, 'rejected', /the secret "acme"/],
  ['an empty value', () => '', 'rejected', /the secret "acme"/],
  ['no text', () => 7 as unknown as string, 'rejected', /the secret "acme"/],
  [
    'a function that fails, which may pass',
    () => {
      throw new RangeError(`vault says ${PASSWORD}`);
    },
    'unreachable',
    /the secrets function threw RangeError/,
  ],
] as [string, ReductoOptions['secrets'], string, RegExp][])(
  '%s: nothing is sent, and no value told',
  async (_what, secrets, kind, reason) => {
    await withVendor(ok, secrets === undefined ? {} : { secrets }, async (provider, server) => {
      const { facts, message } = await errorOf(provider.submit(parse, { marker: 'm1' }, {}));
      expect(facts).toMatchObject({ kind, sent: false, endpoint: 'POST /parse_async' });
      expect(facts.reason).toMatch(reason);
      expect(message).not.toContain('horse');
      expect(server.seen).toHaveLength(0);
    });
  },
);

it.each([
  [{ error: { name: 'DOCUMENT_PASSWORD_PROTECTED', message: `wrong password ${PASSWORD}` } }],
  [{ detail: [{ loc: ['body', 'settings', 'document_password'], msg: `${PASSWORD} is too short` }] }],
  [`upstream said {"document_password":${JSON.stringify(PASSWORD)}}`],
])('is not repeated when the vendor repeats it: %j', async (body) => {
  await withVendor({ status: 442, body }, { secrets: () => PASSWORD }, async (provider) => {
    const { facts, message } = await errorOf(provider.submit(parse, { marker: 'm1' }, {}));
    expect(facts).toMatchObject({ kind: 'rejected', httpStatus: 442 });
    expect(message).not.toContain('horse');
  });
});
