import { readdirSync, readFileSync } from 'node:fs';
import type { ErrorObject } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';

/** The committed files, by name. */
export const FILES: ReadonlyMap<string, string> = new Map(
  readdirSync('schemas').map((name) => [name, readFileSync(`schemas/${name}`, 'utf8')]),
);

// Strict: a keyword that no validator knows would be a promise that nobody keeps.
const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true });
for (const text of FILES.values()) ajv.addSchema(JSON.parse(text) as object);

/** What is wrong with a value, as paths and rules. @param part `input`, `result`, …; of failures the type. */
export function problemsOf(contract: string, part: string, value: unknown): string[] {
  const place = contract === 'failures' ? '$defs/FailureDetails/properties' : 'properties';
  const id = `urn:temporal-document-jobs:schemas:${contract}#/${place}/${part}`;
  const validate = ajv.getSchema(id);
  if (validate === undefined) throw new Error(`there is no ${id}`);
  return validate(value) === true
    ? []
    : (validate.errors ?? []).map(({ instancePath, message }: ErrorObject) => `${instancePath} ${message}`);
}
