import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { JsonObject, JsonSchema } from '../jobs/json.js';
import type { Operation, SectionSpec } from '../jobs/types.js';
import { messageOf, usageError } from './cli-error.js';

const schemaFile = z
  .looseObject({ type: z.literal('object', 'expected a JSON Schema whose top level has "type": "object"') })
  .transform((schema) => schema as JsonSchema);

const text = z.string().trim().min(1, 'expected text that is not empty');
const sectionsFile = z
  .array(z.strictObject({ name: text, description: text }))
  .min(1, 'expected at least one {"name": …, "description": …}')
  .refine((list) => new Set(list.map(({ name }) => name)).size === list.length, 'expected each name only once');

const body = z.record(z.string(), z.json()).optional();
const optionsFile = z.strictObject({ parse: body, extract: body, split: body });

/** `--schema`: a JSON Schema of an object. */
export const readSchemaFile = (path: string): Promise<JsonSchema> => readJsonFile('--schema', path, schemaFile);

/** `--split`: the topics to look for. */
export const readSectionsFile = (path: string): Promise<SectionSpec[]> => readJsonFile('--split', path, sectionsFile);

/** `--options`: the vendor's own body fields, per operation. */
export async function readOptionsFile(path: string): Promise<Partial<Record<Operation, JsonObject>>> {
  const options = await readJsonFile('--options', path, optionsFile);
  return Object.fromEntries(Object.entries(options).filter(([, fields]) => fields !== undefined));
}

/** @throws usage error that names the flag, the file and what is wrong. */
export async function readJsonFile<T>(flag: string, path: string, shape: z.ZodType<T>): Promise<T> {
  const where = `${flag} ${path}`;
  let content: string;
  try {
    content = await readFile(path, 'utf8');
  } catch (error) {
    throw usageError(`${where}: ${readProblem(error)}`);
  }
  let value: unknown;
  try {
    value = JSON.parse(content.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw usageError(`${where}: not JSON (${messageOf(error)})`);
  }
  const checked = shape.safeParse(value);
  if (checked.success) return checked.data;
  const issue = checked.error.issues[0];
  const at = issue === undefined || issue.path.length === 0 ? '' : ` at /${issue.path.map(String).join('/')}`;
  throw usageError(`${where}${at}: ${issue?.message ?? 'wrong shape'}`);
}

/** Why a file can't be read, in words. */
export function readProblem(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'no such file';
  if (code === 'EISDIR') return 'is a folder, expected a file';
  if (code === 'EACCES' || code === 'EPERM') return 'may not be read (permission denied)';
  return messageOf(error);
}
