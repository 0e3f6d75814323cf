import fc from 'fast-check';
import { describe, it } from 'vitest';
import type { JsonObject } from '../../../src/jobs/json.js';
import { checkPassword, namedPassword, withPassword } from '../../../src/providers/reducto/document-password.js';
import { REDUCTO_OPERATIONS, type ReductoOperation } from '../../../src/providers/reducto/operations.js';
import { word } from '../../support/arbitraries.js';
import { expect, RUNS } from '../../support/properties.js';

const operation = fc.constantFrom(...(Object.keys(REDUCTO_OPERATIONS) as ReductoOperation[]));

describe('document passwords', () => {
  const at = (path: string[], value: unknown): JsonObject =>
    path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as JsonObject;
  const path = fc.array(fc.constantFrom('settings', 'parsing', 'enhance', '0'), { maxLength: 3 });

  it('are refused wherever they stand in the clear, and not repeated', () => {
    const clear = fc.oneof(
      word.map((inner) => `hunter-${inner}`),
      fc.constantFrom(7, ['hunter-1'], { secret: '' }, { a: 'hunter-2' }),
    );
    fc.assert(
      fc.property(operation, path, clear, fc.boolean(), (what, groups, password, hasSecrets) => {
        const problem = checkPassword(at([...groups, 'document_password'], password), what, hasSecrets);
        expect(problem?.field).toMatch(/^options\..*document_password$/);
        expect(problem?.reason).not.toContain('hunter');
      }),
      RUNS,
    );
  });

  it('are taken by name in the one place that the vendor has for them, and put there', () => {
    const PLACES: Partial<Record<ReductoOperation, string>> = {
      ...{ parse: 'settings', pipeline: 'settings', extract: 'parsing.settings', split: 'parsing.settings' },
    };
    fc.assert(
      fc.property(operation, path, word, word, (what, groups, secret, password) => {
        const body = at([...groups, 'document_password'], { secret });
        const isPlace = groups.join('.') === PLACES[what];
        expect(checkPassword(body, what, true) === null).toBe(isPlace);
        expect(checkPassword(body, what, false)).not.toBeNull();
        expect(namedPassword(body, what)).toBe(isPlace ? secret : undefined);
        if (!isPlace) return;
        expect(withPassword(body, what, password)).toEqual(at([...groups, 'document_password'], password));
      }),
      RUNS,
    );
  });
});
