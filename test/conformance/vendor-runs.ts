import { resolve } from 'node:path';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { type Provider, pulse, reducto } from '../../src/index.js';
import type { SandboxOptions, VendorAccess, VendorName } from '../../src/sandbox/index.js';
import {
  checkConformance,
  type ConformanceOptions,
  type ConformanceReport,
  createSandbox,
  sandboxVendor,
} from '../../src/testing/index.js';
import type { DocumentServer } from '../support/document-server.js';
import { makePdf } from '../support/pdf.js';

interface VendorRun {
  make: (access: VendorAccess) => Provider;
  operations: NonNullable<ConformanceOptions['operations']>;
  sandbox?: SandboxOptions;
  /** Large results are served once. */
  large?: boolean;
}

/** Each vendor of the sandbox, and what is asked of its operations. */
export const VENDOR_RUNS = {
  reducto: {
    // The sandbox lists at once, so that a moment is enough.
    make: (access) => reducto({ ...access, listSettleMs: 20 }),
    operations: {
      classify: { options: { classification_schema: [{ category: 'invoice', criteria: ['it is an invoice'] }] } },
      edit: { options: { edit_instructions: 'fill in the date' } },
      pipeline: { options: { pipeline_id: 'pipeline-1' } },
    },
  },
  pulse: {
    make: (access) => pulse({ ...access, retentionMs: 24 * 3_600_000 }),
    operations: {
      pipeline: { options: { steps: { extract: {} } } },
      tables: { from: 'parsed' },
    },
    // An answer that breaks off counts as read, which is the worse of what the vendor may do.
    sandbox: { pulse: { spentWhen: 'opened', largePages: 3 } },
    large: true,
  },
} satisfies Partial<Record<VendorName, VendorRun>>;

interface RunOptions extends Pick<ConformanceOptions, 'situations' | 'caseLimitMs' | 'print'> {
  env: TestWorkflowEnvironment;
  documents: DocumentServer;
  /** Makes the provider worse. */
  spoil?: (provider: Provider) => Provider;
}

/** Runs the kit over one vendor of the sandbox. */
export async function runVendor(
  name: keyof typeof VENDOR_RUNS,
  { env, documents, spoil = (provider) => provider, ...options }: RunOptions,
): Promise<ConformanceReport> {
  const { make, operations, sandbox: switches = {}, large = false }: VendorRun = VENDOR_RUNS[name];
  await using sandbox = await createSandbox({ now: () => env.currentTimeMs(), speed: 10, ...switches });
  const provider = make(sandbox[name]);
  const wrongKey = make({ ...sandbox[name], apiKey: 'wrong' });
  const vendor = sandboxVendor(sandbox, name, {
    document: documents.add('small.pdf', await makePdf((page) => page.text('Invoice 4711, total 12.50'))),
    file: resolve('examples/invoice-packet.pdf'),
    wrongKey,
    ...(large ? { largeDocument: documents.url('invoice-packet.pdf') } : {}),
  });
  try {
    return await checkConformance({ env, provider: spoil(provider), vendor, operations, ...options });
  } finally {
    await Promise.all([provider.close(), wrongKey.close()]);
  }
}
