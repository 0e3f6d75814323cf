import { expect } from 'vitest';
import { VendorError } from '../../src/providers/vendor-error.js';

/** Gives the error that a call must end in; it never shows the key. */
export const errorOfCallsWith =
  (key: string) =>
  async (call: Promise<unknown>): Promise<VendorError> => {
    const error: unknown = await call.then(
      () => 'no error',
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(VendorError);
    expect(JSON.stringify([(error as VendorError).facts, String((error as VendorError).stack)])).not.toContain(key);
    return error as VendorError;
  };
