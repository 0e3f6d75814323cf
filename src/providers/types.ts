import type { Operation } from '../jobs/types.js';
import type { Provider } from './provider.js';
import type * as registry from './registry.js';
import type { ResultFormat } from './result-format.js';

type Registry = typeof registry;

/** Name of a vendor in the registry. */
export type ProviderName = keyof Registry;

/** Vendor option types by provider name. Types only: this file is part of the workflow side. */
export type ProviderTypes = {
  [P in ProviderName]: ReturnType<Registry[P]> extends Provider<infer Options> ? Options : never;
};

/** Options that a provider takes for an operation; `never` when it has no such operation. Of several providers, those of any that has it. */
export type ProviderOptions<P extends ProviderName, O extends Operation> = P extends ProviderName
  ? O extends keyof ProviderTypes[P]
    ? ProviderTypes[P][O]
    : never
  : never;

/** What a vendor's stored parse is read as; `never` for a vendor without a format. Of several vendors, that of any of them. */
export type ProviderContent<P extends ProviderName = ProviderName> = P extends ProviderName
  ? Registry[P] extends { format: ResultFormat<infer Content> }
    ? Content
    : never
  : never;

/** What a provider offers beyond parse, extract and split. */
export type ProviderOperation<P extends ProviderName> = Exclude<keyof ProviderTypes[P], 'parse' | 'extract' | 'split'> &
  Operation;

/** Used where nobody says which. */
export const DEFAULT_PROVIDER: ProviderName = 'reducto';
