import type { AssetCopy, AssetList, AssetSummary } from '../jobs/types.js';
import type { OpenAsset, Provider } from '../providers/provider.js';
import { VendorError } from '../providers/vendor-error.js';
import { assetKey, assetListKey, assetPlanKey } from '../results/result-key.js';
import { readObject } from '../results/read-object.js';
import type { StoredObject } from '../results/result-store.js';
import type { NamedAsset } from './body-reader.js';
import { patiently, type PatientStore } from './store-body.js';

const PARALLEL = 4;
const TRIES = 3;
const PAUSE_MS = 2_000;
/** Of all together; the attempt's limit leaves ten minutes to collect in. */
const COPY_MS = 5 * 60_000;
/** One that is begun in the last moment is given so long. */
const LEAST_MS = 1_000;

type Open = NonNullable<Provider['openAsset']>;

/** What is known once a result's files have been copied. */
type Copied = Required<Pick<AssetSummary, 'list'>> & Pick<AssetSummary, 'missing'>;

/**
 * Copies the files that a result names into the store, beside it, and then the list of them. A file that can't be had is no reason to fail a
 * job that is done: the list says why. A second attempt goes on where the first one stopped, and tries again what the first one could not have.
 * @throws what a store in trouble does.
 */
export async function copyAssets(patient: PatientStore, open: Open, assets: readonly NamedAsset[]): Promise<Copied> {
  const { store, job } = patient;
  const listKey = assetListKey(job);
  const earlier = await patiently(patient, () => readObject(store, listKey));
  const known = earlier === null ? null : (JSON.parse(Buffer.from(earlier).toString('utf8')) as AssetList);
  if (known !== null && missingIn(known) === 0) return summaryOf(listKey, known, await putList(patient, known));
  // What will lie there is written down first: whoever forgets the document finds it, however this ends.
  const keys = assets.map(({ field }, at) => assetKey(job, at, field));
  await patiently(patient, () => store.put(assetPlanKey(job), Buffer.from(JSON.stringify(keys)), 'application/json'));
  const list: AssetList = { schemaVersion: 1, assets: await copyAll(patient, open, assets) };
  if (known !== null) await patiently(patient, () => store.delete(listKey));
  return summaryOf(listKey, list, await putList(patient, list));
}

const missingIn = ({ assets }: AssetList): number => assets.filter((one) => 'problem' in one).length;

function summaryOf(key: string, list: AssetList, facts: StoredObject): Copied {
  const missing = missingIn(list);
  return { list: { key, ...facts }, ...(missing === 0 ? {} : { missing }) };
}

function putList(patient: PatientStore, list: AssetList): Promise<StoredObject> {
  const bytes = Buffer.from(JSON.stringify(list));
  return patiently(patient, () => patient.store.put(assetListKey(patient.job), bytes, 'application/json'));
}

async function copyAll(patient: PatientStore, open: Open, assets: readonly NamedAsset[]): Promise<AssetCopy[]> {
  const copies: AssetCopy[] = [];
  const endsAt = performance.now() + COPY_MS;
  let next = 0;
  let hasFailed = false;
  async function copier(): Promise<void> {
    for (let at = next++; at < assets.length && !hasFailed; at = next++) {
      const asset = assets[at] as NamedAsset;
      const isLate = performance.now() > endsAt;
      copies[at] = isLate ? without(asset, 'there was no time left') : await copyOne(patient, open, asset, at, endsAt);
    }
  }
  // None of them goes on when the activity has ended.
  const ends = await Promise.allSettled(
    Array.from({ length: PARALLEL }, () =>
      copier().catch((error: unknown) => {
        hasFailed = true;
        throw error;
      }),
    ),
  );
  const first = ends.find((end) => end.status === 'rejected');
  if (first !== undefined) throw first.reason;
  return copies;
}

async function copyOne(
  patient: PatientStore,
  open: Open,
  asset: NamedAsset,
  at: number,
  endsAt: number,
): Promise<AssetCopy> {
  const { kind, field, url } = asset;
  const key = assetKey(patient.job, at, field);
  const leftMs = (): number => Math.max(endsAt - performance.now(), LEAST_MS);
  for (let attempt = 1; ; attempt++) {
    try {
      const facts =
        (await patiently(patient, () => patient.store.head(key))) ??
        (await patiently(patient, async () => put(patient, key, await open(url, { totalMs: leftMs() }))));
      return { kind, field, key, size: facts.size, sha256: facts.sha256, contentType: facts.contentType };
    } catch (error) {
      if (!(error instanceof VendorError)) throw error;
      const isHopeless = attempt === TRIES || error.kind === 'invalid_reply' || leftMs() === LEAST_MS;
      if (isHopeless) return without(asset, error.facts.reason);
    }
    await patient.heart.rest(PAUSE_MS, true);
  }
}

const put = ({ store }: PatientStore, key: string, { bytes, contentType }: OpenAsset): Promise<StoredObject> =>
  store.put(key, bytes, contentType);

const without = ({ kind, field }: NamedAsset, problem: string): AssetCopy => ({ kind, field, problem });
