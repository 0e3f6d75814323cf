import { type LoadedDataConverter, type Payload, StorageDriverClaim } from '@temporalio/common';

/** What a payload's metadata says when Temporal's external storage keeps it elsewhere. */
const REFERENCE = 'temporal.api.sdk.v1.ExternalStorageReference';

interface Reference {
  driverName?: string;
  claimData?: Record<string, string>;
}

/**
 * The payload itself, still encoded. Workflows, activities and results are handed it by the SDK; a history that is read has the reference.
 * @throws Error when this process lacks the driver that has it.
 */
export async function retrieved(
  payload: Payload,
  { externalStorage }: Pick<LoadedDataConverter, 'externalStorage'>,
): Promise<Payload> {
  if (text(payload.metadata?.messageType) !== REFERENCE) return payload;
  const { driverName = '', claimData = {} } = JSON.parse(text(payload.data)) as Reference;
  const driver = externalStorage?.getDriver(driverName) ?? null;
  if (driver === null) throw new Error(`a payload lies in the external storage "${driverName}", which is not set here`);
  const [found] = await driver.retrieve({}, [new StorageDriverClaim(claimData)]);
  if (found === undefined) throw new Error(`the external storage "${driverName}" gave no payload`);
  return found;
}

const text = (bytes: Uint8Array | null | undefined): string => new TextDecoder().decode(bytes ?? new Uint8Array());
