import type { AssetCopy, AssetList, AssetSummary } from '../jobs/types.js';
import type { OpenAsset, Provider } from '../providers/provider.js';
import { VendorError } from '../providers/vendor-error.js';
import { assetKey, assetListKey } from '../results/result-key.js';
import { readObject } from '../results/read-object.js';
import type { StoredObject } from '../results/result-store.js';
import type { NamedAsset } from './body-reader.js';
import { patiently, type PatientStore } from './store-body.js';

const PARALLEL = 4;
const TRIES = 3;
const PAUSE_MS = 2_000;
/** Of all together; the attempt's limit leaves ten minutes to collect in. */
const COPY_MS = 5 * 60_000;

type Open = NonNullable<Provider['openAsset']>;

/** What is known once a result's files have been copied. */
type Copied = Required<Pick<AssetSummary, 'list'>> & Pick<AssetSummary, 'missing'>;

/**
 * Copies the files that a result names into the store, beside it, and then the list of them. A file that can't be had is no reason to fail a
 * job that is done: the list says why. A second attempt goes on where the first one stopped.
 * @throws what a store in trouble does.
 */
export async function copyAssets(patient: PatientStore, open: Open, assets: readonly NamedAsset[]): Promise<Copied> {
  const listKey = assetListKey(patient.job);
  const earlier = await patiently(patient, () => readObject(patient.store, listKey));
  const list =
    earlier === null
      ? { schemaVersion: 1 as const, assets: await copyAll(patient, open, assets) }
      : (JSON.parse(Buffer.from(earlier).toString('utf8')) as AssetList);
  const bytes = Buffer.from(JSON.stringify(list));
  const facts = await patiently(patient, () => patient.store.put(listKey, bytes, 'application/json'));
  const missing = list.assets.filter((one) => 'problem' in one).length;
  return { list: { key: listKey, ...facts }, ...(missing === 0 ? {} : { missing }) };
}

async function copyAll(patient: PatientStore, open: Open, assets: readonly NamedAsset[]): Promise<AssetCopy[]> {
  const copies: AssetCopy[] = [];
  const endsAt = performance.now() + COPY_MS;
  let next = 0;
  async function copier(): Promise<void> {
    for (let at = next++; at < assets.length; at = next++) {
      const asset = assets[at] as NamedAsset;
      const isLate = performance.now() > endsAt;
      copies[at] = isLate ? without(asset, 'there was no time left') : await copyOne(patient, open, asset, at);
    }
  }
  await Promise.all(Array.from({ length: PARALLEL }, copier));
  return copies;
}

async function copyOne(patient: PatientStore, open: Open, asset: NamedAsset, at: number): Promise<AssetCopy> {
  const { kind, field, url } = asset;
  const key = assetKey(patient.job, at, field);
  for (let attempt = 1; ; attempt++) {
    try {
      const facts =
        (await patiently(patient, () => patient.store.head(key))) ??
        (await patiently(patient, async () => put(patient, key, await open(url, {}))));
      return { kind, field, key, size: facts.size, sha256: facts.sha256, contentType: facts.contentType };
    } catch (error) {
      if (!(error instanceof VendorError)) throw error;
      if (attempt === TRIES || error.kind === 'invalid_reply') return without(asset, error.facts.reason);
    }
    await patient.heart.rest(PAUSE_MS, true);
  }
}

const put = ({ store }: PatientStore, key: string, { bytes, contentType }: OpenAsset): Promise<StoredObject> =>
  store.put(key, bytes, contentType);

const without = ({ kind, field }: NamedAsset, problem: string): AssetCopy => ({ kind, field, problem });
