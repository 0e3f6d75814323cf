import type { Provider } from '../../providers/provider.js';
import type { FaultRule, LedgerJob, Sandbox, VendorName } from '../../sandbox/index.js';
import { sandboxRules } from './sandbox-rules.js';
import type { ScriptedVendor, VendorJob } from './scripted-vendor.js';
import { VENDOR_WORDS, type VendorWords } from './vendor-words.js';

export interface SandboxVendorOptions {
  /** URL of a small document that the sandbox can fetch. */
  document: string;
  /** Path of a document on this machine. */
  file?: string;
  /** URL of a document whose result the vendor serves only once. Left out: single reads are not shown. */
  largeDocument?: string;
  /** The provider with a key other than the sandbox's. */
  wrongKey?: Provider;
}

const HOUR_MS = 3_600_000;

/**
 * One vendor of the sandbox as the conformance kit scripts it: situations become fault rules, the ledger becomes the vendor's books. Make the
 * sandbox with `now: () => env.currentTimeMs()`.
 */
export function sandboxVendor(sandbox: Sandbox, provider: VendorName, options: SandboxVendorOptions): ScriptedVendor {
  const { document, file, largeDocument, wrongKey } = options;
  const { ledger, faults } = sandbox;
  const words = VENDOR_WORDS[provider];
  let before = { jobs: 0, submits: 0, requests: 0, fetches: 0 };
  const requests = (): number => {
    const { accepted: _jobs, refusedKeys: _refused, ...calls } = ledger.counts();
    return Object.values(calls).reduce((total, count) => total + count, 0);
  };
  // A URL of the storage's belongs to no vendor.
  const ofVendor = (rule: FaultRule): FaultRule => ('on' in rule && rule.on === 'fetch' ? rule : { ...rule, provider });

  return {
    document,
    ...(file === undefined ? {} : { file }),
    ...(wrongKey === undefined ? {} : { wrongKey }),
    cannot: cannot(words, largeDocument),
    reset() {
      faults.clear();
      const { fetches } = ledger.counts();
      before = { jobs: ledger.jobs().length, submits: ledger.submits().length, requests: requests(), fetches };
    },
    script(situation, operation) {
      faults.set(sandboxRules(situation, operation, words).map(ofVendor));
      const isLarge = situation === 'single-read' || situation === 'single-read-consumed';
      return isLarge && largeDocument !== undefined ? { document: largeDocument } : {};
    },
    sayWord: (word, operation) => faults.set([{ job: { statusWord: word, forMs: HOUR_MS }, operation, provider }]),
    accepted: () => ledger.jobs().slice(before.jobs).map(vendorJob),
    submits(operation) {
      const arrived = ledger.submits().slice(before.submits);
      return arrived.filter((submit) => submit.operation === operation).length;
    },
    requests: () => requests() - before.requests,
    bodyReads: () => ledger.counts().fetches - before.fetches,
  };
}

function cannot(
  { transient, servesOnce }: VendorWords,
  largeDocument: string | undefined,
): NonNullable<ScriptedVendor['cannot']> {
  const noPassing = transient === undefined ? { 'failed-transient': 'the vendor names no reason that may pass' } : {};
  if (servesOnce && largeDocument !== undefined) return noPassing;
  const reason = servesOnce ? 'no largeDocument was given' : 'the vendor serves its results again and again';
  return { ...noPassing, 'single-read': reason, 'single-read-consumed': reason };
}

function vendorJob({ operation, jobId, state, gone }: LedgerJob): VendorJob {
  return { operation, jobId, state: gone === null ? STATES[state] : 'gone' };
}

const STATES: Readonly<Record<LedgerJob['state'], VendorJob['state']>> = {
  Pending: 'running',
  InProgress: 'running',
  Completing: 'running',
  Completed: 'completed',
  Failed: 'failed',
  Cancelled: 'cancelled',
};
