import type { Operation } from '../../jobs/types.js';
import type { Provider } from '../../providers/provider.js';
import { checkCalls } from './check-calls.js';
import { checkDeclared } from './check-declared.js';
import { type Case, casesOf } from './cases.js';
import { expectationText, observationText, problemsOf } from './expectation.js';
import { type ConformanceEnvironment, type Kit, startKit } from './kit.js';
import type { OperationAsk } from './kit-workflow.js';
import { type ConformanceReport, type ConformanceRow, createReport } from './report.js';
import { parsedReference, runCase } from './run-case.js';
import type { ScriptedVendor } from './scripted-vendor.js';
import type { Situation } from './situations.js';
import { wholeDocument } from './whole-document.js';
import { CaseHangs, withinLimit } from './within-limit.js';

export interface ConformanceOptions {
  /** A time-skipping test environment that nobody else uses meanwhile. It stays open. */
  env: ConformanceEnvironment;
  /** As its factory makes it, configured for the scripted vendor. It stays open. */
  provider: Provider;
  vendor: ScriptedVendor;
  /** What is asked of an operation. Default: a small schema for extract, one section for split; others are not shown. */
  operations?: Partial<Record<Operation, OperationAsk>>;
  /** Only these situations, for work on one of them. Default: all, and the checks that need no workflow. */
  situations?: readonly Situation[];
  /** Real time that a case may take, ms. Default 30,000. */
  caseLimitMs?: number;
  /** Told of each row as it comes. */
  print?: (row: ConformanceRow) => void;
}

const ASKS: Partial<Record<Operation, OperationAsk>> = {
  parse: {},
  extract: { schema: { type: 'object', properties: { title: { type: ['string', 'null'] } } } },
  split: { sections: [{ name: 'first', description: 'the first page' }] },
};

/**
 * Holds a provider against the promises that this package makes of every vendor: the real activities and workflows run it through what a
 * vendor may do, and the vendor's own books are compared with the receipts.
 * @throws TypeError for an environment without simulated time. What the provider does wrong is in the report.
 */
export async function checkConformance(options: ConformanceOptions): Promise<ConformanceReport> {
  const { env, provider, vendor, situations, caseLimitMs = 30_000, print = () => undefined } = options;
  if (!env.supportsTimeSkipping) {
    throw new TypeError('checkConformance: env must come from TestWorkflowEnvironment.createTimeSkipping()');
  }
  const rows: ConformanceRow[] = [];
  const add = (row: ConformanceRow): void => {
    rows.push(row);
    print(row);
  };
  const asks = { ...ASKS, ...options.operations };
  const kit = await startKit({ env, provider, vendor, asks, caseLimitMs });
  try {
    if (situations === undefined) for await (const row of contractRows(kit)) add(row);
    for await (const row of caseRows(kit, situations)) add(row);
  } finally {
    await kit.stop();
  }
  return createReport(provider.name, rows);
}

/** What is declared, and the calls one by one. */
async function* contractRows(kit: Kit): AsyncGenerator<ConformanceRow> {
  const { provider, vendor, asks, env } = kit;
  // Where there is no reference, the rows of the parse tell; the checks of what is refused go on.
  const parsed = await withinLimit(kit.caseLimitMs, parsedReference(kit)).catch(() => null);
  yield* checkDeclared(provider, vendor.document, parsed ?? vendor.document, asks);
  yield* checkCalls(provider, vendor, env);
}

async function* caseRows(kit: Kit, situations: readonly Situation[] | undefined): AsyncGenerator<ConformanceRow> {
  const { provider, vendor, asks } = kit;
  let hung: string | undefined;
  for (const { operation, one } of wanted(kit, situations)) {
    const reason = hung ?? notShown(vendor, one);
    if (reason !== undefined) {
      yield { ...rowOf(operation, one), got: `not shown: ${reason}` };
      continue;
    }
    try {
      yield await caseRow(kit, operation, one);
    } catch (error) {
      if (!(error instanceof CaseHangs)) throw error;
      hung = `an earlier case hangs (${operation}, ${one.situation})`;
      yield { ...rowOf(operation, one), got: error.message, ms: kit.caseLimitMs, ok: false };
    }
  }
  if (hung === undefined && situations === undefined) yield await wholeDocument(kit);
  for (const operation of provider.operations) if (asks[operation] === undefined) yield unaskedRow(operation);
}

function wanted(
  { provider, asks }: Kit,
  situations: readonly Situation[] | undefined,
): { operation: Operation; one: Case }[] {
  const asked = provider.operations.filter((operation) => asks[operation] !== undefined);
  return asked.flatMap((operation) =>
    casesOf(provider, operation)
      .filter(({ situation }) => situations?.includes(situation) !== false)
      .map((one) => ({ operation, one })),
  );
}

function notShown(vendor: ScriptedVendor, { situation, onWorker }: Case): string | undefined {
  if (onWorker === true && vendor.file === undefined) return 'the vendor has no file';
  return vendor.cannot?.[situation];
}

async function caseRow(kit: Kit, operation: Operation, one: Case): Promise<ConformanceRow> {
  const startedAt = performance.now();
  const observed = await withinLimit(kit.caseLimitMs, runCase(kit, operation, one));
  const problems = problemsOf(one.expect, observed);
  return {
    ...rowOf(operation, one),
    got: problems.length === 0 ? observationText(observed) : problems.join('; '),
    ms: performance.now() - startedAt,
    requests: observed.requests,
    ok: problems.length === 0,
  };
}

const NOTHING = { expected: '', ms: 0, requests: 0, ok: null };

const rowOf = (operation: Operation, { situation, note, expect }: Case) => ({
  ...NOTHING,
  operation,
  situation: note === undefined ? situation : `${situation} (${note})`,
  expected: expectationText(expect),
});

const unaskedRow = (operation: Operation): ConformanceRow => ({
  ...NOTHING,
  operation,
  situation: 'all',
  got: `not shown: \`operations.${operation}\` is not given`,
});
