import type { JsonObject, JsonSchema } from '../jobs/json.js';
import { isJsonObject } from '../jobs/json.js';
import type { InvalidOption } from './job-options.js';

/**
 * A schema object of a validation library that can print itself as JSON Schema (Standard JSON Schema: zod 4, arktype, valibot through
 * its adapter). The library then runs inside the workflow's isolate: zod makes the bundle about three times as large; pass the
 * printed JSON Schema instead where that matters.
 */
export interface StandardJsonSchema<Output = unknown> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined;
    readonly jsonSchema: {
      readonly output: (options: { readonly target: 'draft-2020-12' }) => Record<string, unknown>;
    };
  };
}

/** The type that a schema describes. */
export type SchemaOutput<S> = S extends StandardJsonSchema
  ? NonNullable<S['~standard']['types']> extends { readonly output: infer Output }
    ? Output
    : unknown
  : never;

/** The plain JSON Schema of either form. */
export function toJsonSchema(schema: StandardJsonSchema | Record<string, unknown>, fail: InvalidOption): JsonSchema {
  const standard = (schema as Partial<StandardJsonSchema> | undefined)?.['~standard'];
  const printed: unknown = standard === undefined ? schema : print(standard, fail);
  if (!isJsonObject(printed) || printed.type !== 'object') {
    return fail('schema', 'expected a JSON Schema whose top level is {"type": "object", …}');
  }
  const { $schema: _dialect, ...rest } = printed;
  return rest satisfies JsonObject;
}

function print(standard: StandardJsonSchema['~standard'], fail: InvalidOption): unknown {
  if (typeof standard.jsonSchema?.output !== 'function') {
    return fail('schema', `this ${standard.vendor} version cannot print JSON Schema; pass the JSON Schema itself`);
  }
  try {
    return standard.jsonSchema.output({ target: 'draft-2020-12' });
  } catch (error) {
    return fail('schema', `${standard.vendor} cannot print it as JSON Schema: ${(error as Error).message}`);
  }
}
