// One line a vendor. Everything else (option types, environment variables, the command line's `--provider`) follows from it.
export * from './pulse/index.js';
export * from './reducto/index.js';
