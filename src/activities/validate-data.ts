import { createHash } from 'node:crypto';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { JsonSchema, JsonValue } from '../jobs/json.js';

/** One way in which a value does not fit its schema: where, and which rule. Never a value. */
export interface DataIssue {
  /** JSON pointer into the value; empty = the whole. `*` stands for a name that is not in the schema: it is the document's. */
  path: string;
  message: string;
}

export interface ValidatedData {
  /** The value with `null` removed where the schema knows an optional property but no null: vendors write null for missing. */
  data: JsonValue;
  /** At most {@link MAX_ISSUES}. */
  issues: DataIssue[];
}

const MAX_ISSUES = 20;
const MAX_COMPILED = 200;
const compiled = new Map<string, ValidateFunction>();

/** @returns null when values can be checked against the schema, else why not. */
export function checkSchema(schema: JsonSchema): string | null {
  try {
    validatorOf(schema);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : 'can not be compiled';
  }
}

/** Checks a vendor's extracted value. Drafts 7 and 2020-12; formats and unknown keywords are ignored. */
export function validateData(schema: JsonSchema, value: JsonValue): ValidatedData {
  const validate = validatorOf(schema);
  if (validate(value)) return { data: value, issues: [] };
  const data = structuredClone(value);
  const nulls = takeNulls(data, validate.errors ?? []);
  if (nulls.length > 0 && !validate(data)) {
    // A null that stood for a required property was no stand-in for a missing one: the rule it broke is the truer issue.
    const required = new Set(missingPaths(validate.errors ?? []));
    for (const { parent, name, path } of nulls) if (required.has(path)) parent[name] = null;
    validate(data);
  }
  return { data, issues: issuesOf(validate.errors ?? [], data, namesIn(schema)) };
}

/** Compiling is slow (it writes code), and one schema serves many documents. */
function validatorOf(schema: JsonSchema): ValidateFunction {
  const text = JSON.stringify(schema);
  const key = createHash('sha256').update(text).digest('base64');
  const known = compiled.get(key);
  if (known !== undefined) return known;
  const validate = compile(schema);
  const [oldest] = compiled.keys();
  if (compiled.size >= MAX_COMPILED && oldest !== undefined) compiled.delete(oldest);
  compiled.set(key, validate);
  return validate;
}

const OPTIONS = {
  strict: false,
  validateFormats: false,
  validateSchema: false,
  allErrors: true,
  logger: false,
} as const;

/** Schemas written for draft 7 often do not say so: what does not compile as 2020-12 gets a second chance. */
function compile({ $schema, $id: _id, ...body }: JsonSchema): ValidateFunction {
  if (typeof $schema === 'string' && /draft-0[4-7]/.test($schema)) return new Ajv(OPTIONS).compile(body);
  try {
    return new Ajv2020(OPTIONS).compile(body);
  } catch (error) {
    try {
      return new Ajv(OPTIONS).compile(body);
    } catch {
      throw error;
    }
  }
}

interface TakenNull {
  parent: Record<string, JsonValue>;
  name: string;
  path: string;
}

/** Removes the nulls that broke a rule from the objects that hold them. */
function takeNulls(data: JsonValue, errors: ErrorObject[]): TakenNull[] {
  const taken: TakenNull[] = [];
  for (const path of new Set(errors.map((error) => error.instancePath))) {
    const names = path.split('/').slice(1).map(unescapePointer);
    const name = names.pop();
    const parent = names.reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[step], data);
    if (name === undefined || typeof parent !== 'object' || parent === null || Array.isArray(parent)) continue;
    const holder = parent as Record<string, JsonValue>;
    if (holder[name] !== null) continue;
    Reflect.deleteProperty(holder, name);
    taken.push({ parent: holder, name, path });
  }
  return taken;
}

function missingPaths(errors: ErrorObject[]): string[] {
  return errors
    .filter((error) => error.keyword === 'required')
    .map((error) => `${error.instancePath}/${escapePointer(String(error.params.missingProperty))}`);
}

function issuesOf(errors: ErrorObject[], data: JsonValue, names: ReadonlySet<string>): DataIssue[] {
  const seen = new Map<string, DataIssue>();
  for (const { instancePath, message = 'does not fit' } of errors) {
    const path = knownPath(instancePath, data, names);
    seen.set(`${path} ${message}`, { path, message });
  }
  return [...seen.values()].slice(0, MAX_ISSUES);
}

/** Where a schema lets any names be, as for a table of persons, the names are extracted values too. */
function knownPath(path: string, data: JsonValue, names: ReadonlySet<string>): string {
  let at: unknown = data;
  const steps = path
    .split('/')
    .slice(1)
    .map((step) => {
      const name = unescapePointer(step);
      const isKnown = Array.isArray(at) || names.has(name);
      at = (at as Record<string, unknown> | undefined)?.[name];
      return isKnown ? `/${step}` : '/*';
    });
  return steps.join('');
}

/** Every property that a schema names, at whatever depth. */
function namesIn(schema: unknown, names = new Set<string>()): Set<string> {
  if (typeof schema !== 'object' || schema === null) return names;
  for (const [key, inner] of Object.entries(schema as Record<string, unknown>)) {
    if (key === 'properties' && typeof inner === 'object' && inner !== null) {
      for (const name of Object.keys(inner)) names.add(name);
    }
    namesIn(inner, names);
  }
  return names;
}

const escapePointer = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');
const unescapePointer = (name: string): string => name.replaceAll('~1', '/').replaceAll('~0', '~');
