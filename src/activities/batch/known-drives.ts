import { type BatchDrive, readBatchDrive, type RecordStore } from '../../batch/record/batch-drives.js';
import { ResultStoreError } from '../../results/result-store.js';

const KEPT = 200;

/** Finds what a drive was planned to be, and remembers it: it never changes. */
export interface KnownDrives {
  /** @throws {ResultStoreError} for one that the store does not have: not retryable, since nothing goes on before it is there. */
  of(batchId: string, drive: number): Promise<BatchDrive>;
}

export function createKnownDrives(store: RecordStore): KnownDrives {
  const known = new Map<string, BatchDrive>();
  return {
    async of(batchId, drive) {
      const name = `${drive} ${batchId}`;
      const found = known.get(name) ?? (await readBatchDrive(store, batchId, drive));
      if (found === null) {
        throw new ResultStoreError(
          `batch record: drive ${drive} of ${batchId} has no plan in this worker's store`,
          false,
        );
      }
      if (known.size >= KEPT) known.clear();
      known.set(name, found);
      return found;
    },
  };
}
