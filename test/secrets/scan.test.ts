// Canaries: what must stay secret is put into everything that a vendor, a store or a user's function says, and searched for in everything
// that comes out.
import { dirname, join } from 'node:path';
import type { S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resultKey } from '../../src/results/result-key.js';
import { s3Store } from '../../src/results/s3/index.js';
import { createSandbox } from '../../src/sandbox/index.js';
import { found, scan, scanFolder, type Canaries } from '../support/canaries.js';
import { ECHO, INPUT, SECRETS, TEXT, VALUE } from './cases.js';
import { say, sayHere } from './command-line.js';
import { type Ears, openEars } from './ears.js';
import { playAll, TASK_QUEUE, type World } from './world.js';

/** Belong into no output at all. */
const NEVER: Canaries = { ...SECRETS, text: TEXT, signedUrl: 'X-Amz-Signature=' };
const OUTPUT: Canaries = { ...NEVER, ...INPUT, value: VALUE };

let ears: Ears;
let world: World;

beforeAll(async () => {
  ears = await openEars();
  world = await playAll(ears);
}, 180_000);
afterAll(() => world?.[Symbol.asyncDispose]());

describe('canaries', () => {
  it('the cases end as they should: what could leak was there', () => {
    const expected = world.played.map(({ account, vendor, case: { name, ends } }) => [
      account,
      name,
      typeof ends === 'string' ? ends : ends(vendor),
    ]);
    expect(world.played.map(({ account, case: { name }, ends }) => [account, name, ends])).toEqual(expected);
  });

  it('no history has a secret or the text of the document', () => {
    const { signedUrl: _url, ...never } = NEVER;
    expect(
      world.played.flatMap(({ account, case: { name }, history }) => scan(`${account} ${name}`, history, never)),
    ).toEqual([]);
  });

  it('what the user gave stands in the arguments alone', () => {
    const canaries = { ...INPUT, signedUrl: 'X-Amz-Signature=' };
    expect(world.played.flatMap(({ account, beyondInput }) => scan(account, beyondInput, canaries))).toEqual([]);
    expect(found(world.played.flatMap(({ account, history }) => scan(account, history, canaries)))).toContain(
      'sourceSignature',
    );
  });

  it('values are inline unless they are to be stored, or do not fit', () => {
    const withValue = world.played.filter(({ history }) => scan('', history, { VALUE }).length > 0);
    const names = new Set(withValue.map(({ case: { name } }) => name));
    expect(names).toContain('results behind signed URLs');
    expect(names).not.toContain('stored only');
    expect(names).not.toContain('values that do not fit');
  });

  it('no log line has any, at DEBUG', () => {
    const logs = ears.logs.join('\n');
    expect(logs).toContain('processDocument');
    expect(logs).toMatch(/Activity failed/);
    expect(scan('logs', logs, OUTPUT)).toEqual([]);
  });

  it('no metric has any', async () => {
    const metrics = await ears.metrics();
    expect(metrics).toContain('document_jobs_uncopied_age');
    expect(scan('metrics', metrics, OUTPUT)).toEqual([]);
  });

  it('nothing that a look at a running workflow shows has any', () => {
    const looks = ears.looks.join('\n');
    for (const word of ['"trouble":"', 'documentReceipt', 'vendor says', 'heartbeatDetails'])
      expect(looks).toContain(word);
    expect(scan('looks', looks, OUTPUT)).toEqual([]);
  });
});

describe('the result store', () => {
  it('has the text, and no secret', async () => {
    const everything = await scanFolder(world.folder, { ...SECRETS, ...INPUT, text: TEXT });
    expect(found(everything)).toEqual(['text']);
    expect(everything.filter(({ where }) => where.startsWith('name '))).toEqual([]);
  });

  it('tells a bucket nothing of a body but its key, type, size and hash', async () => {
    const sent: object[] = [];
    const send = async ({ input }: { input: { Body?: unknown } }): Promise<object> => {
      const { Body: body, ...metadata } = input;
      sent.push(metadata);
      if (body === undefined)
        throw Object.assign(new Error(), { name: 'NoSuchKey', $metadata: { httpStatusCode: 404 } });
      return {};
    };
    const key = resultKey({ provider: 'reducto', account: 'main', operation: 'parse', jobId: 'job-1' });
    const store = s3Store({ bucket: 'b', client: { send } as unknown as S3Client });
    await store.put(key, Buffer.from(`${TEXT} ${ECHO}`), 'application/json');
    expect(sent.at(-1)).toMatchObject({ Key: key, ContentType: 'application/json' });
    expect(scan('metadata', JSON.stringify(sent), OUTPUT)).toEqual([]);
  });
});

describe('the command line', () => {
  it('shows neither a secret nor a signed URL, whatever goes wrong', { timeout: 90_000 }, async () => {
    const { reducto } = world.sandbox;
    await using talkative = await createSandbox({
      key: SECRETS.key,
      faults: [{ on: 'get', do: { status: 500, body: { detail: ECHO } } }],
    });
    const [good, wrong, broken] = [
      { REDUCTO_API_KEY: SECRETS.key, REDUCTO_BASE_URL: reducto.baseUrl },
      { REDUCTO_API_KEY: SECRETS.vault, REDUCTO_BASE_URL: reducto.baseUrl },
      { REDUCTO_API_KEY: SECRETS.key, REDUCTO_BASE_URL: talkative.reducto.baseUrl },
    ];
    const state = ['--state', join(dirname(world.folder), 'state')];
    const temporal = ['--address', world.address, ...state];
    const run = ['--task-queue', TASK_QUEUE, ...temporal];
    const said = await Promise.all([
      say(['process', world.source, '--json', '--workflow-id', 'cli', ...run], good),
      say(['process', world.source, ...run], wrong),
      say(['process', world.source, ...run], broken),
    ]);
    const login = `https://${SECRETS.userInUrl}:${SECRETS.password}@example.com/a.pdf`;
    said.push(await sayHere(['process', login, ...run], good));
    const ids = [
      'cli',
      ...world.played.filter(({ vendor }) => vendor.name === 'reducto').map(({ account }) => account),
    ];
    for (const id of ids) {
      said.push(
        await sayHere(['status', id, ...temporal], good),
        await sayHere(['result', id, '--json', ...temporal], good),
      );
    }
    for (const env of [good, wrong, broken]) said.push(await sayHere(['jobs', '--json', ...state], env));

    const all = said.map(({ text }) => text).join('\n');
    for (const word of ['"event":"result"', '"event":"failed"', 'exit 0', 'exit 4', 'refuses the key'])
      expect(all).toContain(word);
    // Extracted values are what a result is asked for.
    expect(said.flatMap(({ command, text }) => scan(command, text, { ...NEVER, ...INPUT }))).toEqual([]);
  });
});
