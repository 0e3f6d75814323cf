import { isGrpcServiceError } from '@temporalio/client';
import { PROVIDER_NAMES } from '../accounts.js';
import { namedTemporal, type Session, stateDirOf, type TemporalFlags } from '../connect.js';
import { documentQueue } from '../document-queue.js';
import { resultsDir } from '../state-dir.js';
import { DEFAULT_PROVIDER } from '../../providers/types.js';
import { webhookSecrets } from '../webhook-accounts.js';
import { type Check, fromError, problem, skipped, unreachable, type Verdict } from './check.js';
import { documentsVerdict, readRunningDocuments } from './documents.js';
import { ASK_LIMIT_MS, limited } from './limited.js';
import { nodeVerdict, wantedNode } from './node-version.js';
import { readRecentDocuments, type RecentDocuments } from './recent-documents.js';
import { serverBinary } from './server-binary.js';
import { lookAtStore, storeVerdict } from './store.js';
import { findTemporal } from './temporal.js';
import { askVendor, type ConfiguredVendor, configuredVendor } from './vendor.js';
import { webhookFacts, webhookVerdict } from './webhooks.js';
import { readPollers, temporalClockVerdict, workerVerdict } from './worker.js';

export interface DoctorFlags extends TemporalFlags {
  taskQueue?: string;
  /** Workflow types of the user's that submit document jobs. */
  type: readonly string[];
  results?: string;
  sandbox?: true;
}

const PERMISSION_DENIED = 7;
const AWAY = skipped('not looked at: there is no Temporal to ask');
const NOT_ALLOWED = skipped('not looked at: the key for Temporal does not allow it');
const SILENT = unreachable('no answer within 10 s', 'see whether it runs, and check its address and the network');
const STUCK_STORE = problem('its folder does not answer within 10 s', 'see whether its disk or mount works');
const NO_TIME = skipped('not known: the server tells it only while a worker asks for work');
const NO_WEBHOOKS = skipped('not configured: the vendor is polled');

/** Begins all checks at once. Each ends within 10 s and never rejects; they come in the order in which they are shown. */
export function runChecks(flags: DoctorFlags): Promise<Check>[] {
  const stateDir = stateDirOf(flags);
  const deadline = Date.now() + ASK_LIMIT_MS;
  const temporal = findTemporal(flags);
  const asked =
    <T>(read: (session: Session) => Promise<T>, judge: (found: T) => Verdict) =>
    async (): Promise<Verdict> => {
      const { session } = await temporal;
      if (session === null) return AWAY;
      try {
        return judge(await session.client.withDeadline(deadline, () => read(session)));
      } catch (error) {
        if (isGrpcServiceError(error) && Number(error.code) === PERMISSION_DENIED) return NOT_ALLOWED;
        throw error;
      }
    };

  const vendors = PROVIDER_NAMES.map((name) => {
    const vendor = configuredVendor(name, { sandbox: flags.sandbox === true, stateDir });
    return { name, vendor, answer: vendor.then((found) => ('status' in found ? null : askVendor(found))) };
  });
  const pollers = once(async (session: Session) => {
    const vendor = await vendors.find(({ name }) => name === DEFAULT_PROVIDER)?.vendor;
    return readPollers(session, flags.taskQueue ?? queueOf(session, flags, vendor));
  });
  const recent = once((session: Session) => readRecentDocuments(session, flags.type));

  return [
    limited('Node', async () => nodeVerdict(process.versions.node, await wantedNode())),
    limited('Temporal', async () => (await temporal).verdict, SILENT),
    limited('embedded server', async () => serverBinary(namedTemporal(flags) === null)),
    limited('worker', asked(pollers, workerVerdict)),
    limited(
      'clock Temporal',
      asked(pollers, (found) => temporalClockVerdict(found) ?? NO_TIME),
    ),
    limited('store', async () => storeVerdict(await lookAtStore(flags.results ?? resultsDir(stateDir))), STUCK_STORE),
    ...vendors.flatMap(({ name, vendor, answer }) => [
      limited(`key ${name}`, async () => (await answer)?.key ?? ((await vendor) as Verdict), SILENT),
      limited(`clock ${name}`, async () => (await answer)?.clock ?? skipped(`${name} is not asked`)),
      limited(`webhooks ${name}`, async () => {
        const found = await vendor;
        if ('status' in found || found.config.webhook === undefined) return NO_WEBHOOKS;
        return wrongSecret(name) ?? asked(recent, (documents) => judgeWebhooks(documents, found))();
      }),
    ]),
    limited(
      'documents',
      asked((session) => readRunningDocuments(session, flags.type), documentsVerdict),
    ),
  ];
}

const judgeWebhooks = (documents: RecentDocuments, { name, provider }: ConfiguredVendor): Verdict =>
  webhookVerdict(webhookFacts(documents, provider, Date.now()), name);

function wrongSecret(name: string): Verdict | null {
  try {
    webhookSecrets(name);
    return null;
  } catch (error) {
    return fromError(error);
  }
}

/** The queue of the commands' documents, as they choose it. */
function queueOf(
  { embedded }: Session,
  { sandbox }: DoctorFlags,
  vendor: ConfiguredVendor | Verdict | undefined,
): string {
  const baseUrl = vendor === undefined || 'status' in vendor ? undefined : vendor.config.baseUrl;
  return documentQueue({ sandbox: sandbox === true, embedded, ...(baseUrl === undefined ? {} : { baseUrl }) });
}

/** Several checks judge what is read once. */
function once<T>(read: (session: Session) => Promise<T>): (session: Session) => Promise<T> {
  let found: Promise<T> | undefined;
  return (session) => (found ??= read(session));
}
