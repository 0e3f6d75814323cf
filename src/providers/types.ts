import type { Operation } from '../jobs/types.js';
import type { ReductoTypes } from './reducto/types.js';

/** Vendor option types by provider name. A new provider adds one line here. Types only: this file is part of the workflow side. */
export interface ProviderTypes {
  reducto: ReductoTypes;
}

export type ProviderName = keyof ProviderTypes;

/** Options that a provider takes for an operation; `never` when it has no such operation. */
export type ProviderOptions<P extends ProviderName, O extends Operation> = O extends keyof ProviderTypes[P]
  ? ProviderTypes[P][O]
  : never;

/** What a provider offers beyond parse, extract and split. */
export type ProviderOperation<P extends ProviderName> = Exclude<keyof ProviderTypes[P], 'parse' | 'extract' | 'split'> &
  Operation;
