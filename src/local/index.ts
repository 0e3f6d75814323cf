export { defaultStateDir } from './default-state-dir.js';
export { startDevServer, type DevServer, type DevServerOptions } from './dev-server.js';
export {
  inspectEmbeddedServer,
  useEmbeddedServer,
  type EmbeddedServer,
  type EmbeddedServerOptions,
} from './embedded-server.js';
export type { EmbeddedState } from './embedded-state.js';
export { findTemporalBinary, type FindDeps } from './temporal-binary.js';
export type { TemporalBinaryKind } from './temporal-wheels.js';
