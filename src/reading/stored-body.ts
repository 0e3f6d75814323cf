import type { z } from 'zod';
import type { ResultRef } from '../jobs/types.js';
import { JsonBrokenError, type JsonPath, jsonSlices, jsonTexts } from '../json-stream/index.js';
import { lazily } from '../providers/lazily.js';
import type { BodyPart, PartSchema, StoredBody } from '../providers/result-format.js';
import { openResult, type ReadableStore } from '../results/open-result.js';
import { bodyPlaces, PartInvalid } from './body-places.js';
import { replyInvalid } from './reply-invalid.js';

/** A stored result, read part by part. @param marks places of which it must have one, to be what it is read as. */
export function storedBody(store: ReadableStore, ref: ResultRef, marks: readonly string[]): StoredBody {
  /** Nothing is opened before it is asked for the first piece. */
  const bytes = lazily(async function* () {
    yield* await openResult(store, ref);
  });

  /** @returns what to throw: what is wrong with the bytes, else what is wrong with what they say. */
  async function inWords(error: unknown): Promise<unknown> {
    const problem = problemOf(error);
    if (problem === null) return error;
    try {
      for await (const _piece of bytes);
    } catch (corrupt) {
      return corrupt;
    }
    return replyInvalid(ref, problem.field, problem.reason);
  }

  return {
    each: <T>(places: string | readonly string[], schema: PartSchema<T>) =>
      lazily(async function* (): AsyncGenerator<BodyPart<T>, void> {
        const schemaAt = typeof schema === 'function' ? schema : () => schema;
        /** Of what was taken and is still to come. */
        const schemas: z.ZodType<T>[] = [];
        const at = bodyPlaces([places].flat(), marks, (path) => {
          const one = schemaAt(path);
          if (one !== null) schemas.push(one);
          return one !== null;
        });
        try {
          for await (const { path, value, size } of jsonSlices(bytes, at.choose)) {
            yield { path, value: checked(schemas.shift(), path, value), size };
          }
          at.end();
        } catch (error) {
          throw await inWords(error);
        }
      }),

    text: (places, between = '') =>
      lazily(async function* () {
        let place: number | undefined;
        const at = bodyPlaces([places].flat(), marks, (path, opens) => {
          if (opens === 'n') return false;
          if (opens !== '"') throw new PartInvalid(path, 'expected a string');
          return at.placeOf(path) === (place ??= at.placeOf(path));
        });
        let isFirst = true;
        try {
          for await (const piece of jsonTexts(bytes, at.choose)) {
            if (piece.isFirst && !isFirst && between !== '') yield between;
            isFirst = false;
            if (piece.text !== '') yield piece.text;
          }
          at.end();
        } catch (error) {
          throw await inWords(error);
        }
      }),
  };
}

function checked<T>(schema: z.ZodType<T> | undefined, path: JsonPath, value: unknown): T {
  if (schema === undefined) throw new Error('a value was taken without a schema');
  const { success, data, error } = schema.safeParse(value);
  if (success) return data;
  const [issue] = error.issues;
  throw new PartInvalid([...path, ...(issue?.path ?? []).map(String)], issue?.message ?? 'invalid');
}

function problemOf(error: unknown): { field: string; reason: string } | null {
  if (error instanceof PartInvalid) return { field: error.path.join('.'), reason: error.reason };
  // Its words hold none of the text.
  return error instanceof JsonBrokenError ? { field: '', reason: error.message } : null;
}
