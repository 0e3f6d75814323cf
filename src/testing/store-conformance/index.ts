export { checkResultStore, type StoreConformanceOptions } from './check-result-store.js';
export type { StoreConformanceReport, StoreConformanceRow } from './store-report.js';
