export { checkConformance, type ConformanceOptions } from './check-conformance.js';
export type { ConformanceEnvironment } from './kit.js';
export type { OperationAsk } from './kit-workflow.js';
export type { ConformanceReport, ConformanceRow } from './report.js';
export { sandboxVendor, type SandboxVendorOptions } from './sandbox-vendor.js';
export type { ScriptedCase, ScriptedVendor, VendorJob } from './scripted-vendor.js';
export { type Situation, SITUATIONS } from './situations.js';
