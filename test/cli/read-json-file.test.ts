import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readOptionsFile, readSchemaFile, readSectionsFile } from '../../src/cli/read-json-file.js';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'docjobs-json-'));
});

async function file(content: string): Promise<string> {
  const path = join(dir, 'input.json');
  await writeFile(path, content);
  return path;
}

const section = { name: 'a', description: 'b' };

describe.each<[string, (path: string) => Promise<unknown>, string, string]>([
  ['schema: not JSON', readSchemaFile, '{', '--schema FILE: not JSON'],
  ['schema: a list', readSchemaFile, '[]', '--schema FILE: Invalid input: expected object'],
  [
    'schema: of a list',
    readSchemaFile,
    '{"type":"array"}',
    'FILE at /type: expected a JSON Schema whose top level has',
  ],
  ['schema: no type', readSchemaFile, '{}', 'FILE at /type: expected a JSON Schema whose top level has'],
  ['split: an object', readSectionsFile, '{}', '--split FILE: Invalid input: expected array'],
  ['split: empty', readSectionsFile, '[]', 'FILE: expected at least one'],
  ['split: no description', readSectionsFile, '[{"name":"a"}]', 'FILE at /0/description: Invalid input'],
  ['split: blank', readSectionsFile, '[{"name":" ","description":"b"}]', 'FILE at /0/name: expected text'],
  [
    'split: more fields',
    readSectionsFile,
    '[{"name":"a","description":"b","x":1}]',
    'FILE at /0: Unrecognized key: "x"',
  ],
  ['split: twice', readSectionsFile, JSON.stringify([section, section]), 'FILE: expected each name only once'],
  ['options: unknown operation', readOptionsFile, '{"pars":{}}', '--options FILE: Unrecognized key: "pars"'],
  ['options: no object', readOptionsFile, '{"parse":1}', 'FILE at /parse: Invalid input: expected record'],
])('%s', (_what, read, content, message) => {
  it('is one line that names file, place and expectation', async () => {
    const path = await file(content);
    const error: unknown = await read(path).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'CliError', exitCode: 2 });
    expect((error as Error).message).toContain(message.replace('FILE', path));
    expect((error as Error).message).not.toContain('\n');
  });
});

it('says what is wrong with a file that can not be read', async () => {
  await expect(readSchemaFile(join(dir, 'none.json'))).rejects.toThrow('none.json: no such file');
  await expect(readSchemaFile(dir)).rejects.toThrow('is a folder, expected a file');
});

it('gives what the workflow takes', async () => {
  const schema = { type: 'object', properties: { total: { type: 'number' } }, $defs: {} };
  expect(await readSchemaFile(await file(`\uFEFF${JSON.stringify(schema)}`))).toEqual(schema);
  expect(await readSectionsFile(await file(JSON.stringify([section])))).toEqual([section]);
  expect(await readOptionsFile(await file('{"parse":{"settings":{"page_range":[1]}}}'))).toEqual({
    parse: { settings: { page_range: [1] } },
  });
});
