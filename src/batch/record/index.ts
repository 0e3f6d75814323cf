export {
  batchDrives,
  type BatchDrive,
  type BatchDriveEnd,
  type KnownBatchDrive,
  type RecordStore,
} from './batch-drives.js';
export { batchRows, type BatchRowsOptions } from './batch-rows.js';
export { latestBatchRows } from './latest-batch-rows.js';
export { CSV_COLUMNS, rowsToCsv, rowsToJsonLines } from './rows-to-text.js';
