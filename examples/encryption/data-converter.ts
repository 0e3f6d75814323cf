import { fileURLToPath } from 'node:url';
import type { DataConverter } from '@temporalio/common';
import { AesGcmCodec } from './aes-gcm-codec.js';
import type { KeyRingSource } from './key-ring.js';

/** Also for `bundleWorkflowCode`, where workflows are bundled ahead. */
export const failureConverterPath = fileURLToPath(new URL('./failure-converter.mjs', import.meta.url));

/** The same for every client and every worker of the namespace. */
export function encrypted(ring: KeyRingSource): DataConverter {
  return { payloadCodecs: [new AesGcmCodec(ring)], failureConverterPath };
}
