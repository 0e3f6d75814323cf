import type { OperationRequest } from '../../jobs/activities.js';
import type { JobStatus, Operation } from '../../jobs/types.js';
import type { Provider } from '../../providers/provider.js';
import { statusOf } from '../../providers/status-of.js';
import type { OperationAsk } from './kit-workflow.js';
import type { ConformanceRow } from './report.js';

const OPERATIONS: readonly Operation[] = ['parse', 'extract', 'split', 'pipeline', 'edit', 'classify', 'tables'];
const STATUSES: readonly JobStatus[] = ['queued', 'running', 'completed', 'failed', 'cancelled', 'expired'];
/** The submit's heartbeat time-out: an attempt's POST must have ended, and be listed, before the next attempt looks for it. */
const SUBMIT_HEARTBEAT_MS = 45_000;
/** Where nobody can look, a submit has to fit into its attempt only, with time to spare. */
const LONGEST_SUBMIT_MS = 60_000;

type Asks = Partial<Record<Operation, OperationAsk>>;
/** Null: all is well; a text: what is not. */
type Check = [name: string, expected: string, problem: string | null];

/**
 * What a provider declares and refuses, without a vendor.
 * @param parsed reference to a parsed document, for the operations that take one.
 */
export function checkDeclared(provider: Provider, document: string, parsed: string, asks: Asks): ConformanceRow[] {
  const request = (operation: Operation, over: Partial<OperationRequest> = {}): OperationRequest => {
    const { schema, sections, options, from } = asks[operation] ?? {};
    const asked = { ...(schema && { schema }), ...(sections && { sections }), ...(options && { options }) };
    const chained = operation === 'extract' || operation === 'split' || from === 'parsed';
    return { operation, input: chained ? parsed : document, ...asked, ...over };
  };
  const rows = declared(provider, request('parse')).map((check) => rowOf('—', check));
  for (const operation of OPERATIONS) {
    if (!provider.operations.includes(operation)) {
      const request: OperationRequest = { operation, input: document };
      rows.push(rowOf(operation, refuses(provider, 'an operation that it has not', request)));
    } else if (asks[operation] !== undefined) {
      rows.push(...requestChecks(provider, operation, request).map((check) => rowOf(operation, check)));
    }
  }
  return rows;
}

function declared(provider: Provider, parse: OperationRequest): Check[] {
  const { statuses, submitTimeoutMs, listSettleMs } = provider;
  const words = Object.entries(statuses);
  const wrongWord = words.find(([word, status]) => word !== word.toLowerCase() || !STATUSES.includes(status));
  const declares = (status: JobStatus): boolean => words.some(([, one]) => one === status);
  const spentMs = submitTimeoutMs + listSettleMs;
  const longestMs = provider.findJob === undefined ? LONGEST_SUBMIT_MS : SUBMIT_HEARTBEAT_MS;
  const retentionMs = provider.retentionMs(parse);
  const expectedMs = provider.expectedMs('parse', null);
  const local = ['/tmp/a.pdf', 'file:///tmp/a.pdf', 'a.pdf'].find((source) => provider.isReference(source));
  return [
    ['statuses', 'words in lower case for states of ours', wrongWord ? `"${wrongWord[0]}" is ${wrongWord[1]}` : null],
    ['statuses', 'completed and failed have words', say(declares('completed') && declares('failed'), 'one has none')],
    ['statuses', 'any other word is running', say(statusOf(statuses, 'Reticulating') === 'running', 'it is not')],
    ['operations', 'parse at least', say(provider.operations.includes('parse'), 'there is no parse')],
    [
      'submitTimeoutMs',
      `> 0, with listSettleMs ≤ ${longestMs}`,
      say(submitTimeoutMs > 0 && spentMs <= longestMs, `they are ${spentMs} together`),
    ],
    [
      'listSettleMs',
      '0 where there is no findJob',
      say(provider.findJob !== undefined || listSettleMs === 0, `${listSettleMs}`),
    ],
    ['retentionMs', 'ms > 0', say(retentionMs > 0, `${retentionMs}`)],
    ['expectedMs', 'null or ms > 0', say(expectedMs === null || expectedMs > 0, `${expectedMs}`)],
    ['parsedReference', 'some text', say(provider.parsedReference !== '', 'empty')],
    ['isReference', 'no path, no file: URL', local === undefined ? null : `it takes ${local} for a reference`],
  ];
}

/** A request that is right is let through, and each that is wrong is refused with field and reason. */
function requestChecks(
  provider: Provider,
  operation: Operation,
  request: (operation: Operation, over?: Partial<OperationRequest>) => OperationRequest,
): Check[] {
  const right = provider.check(request(operation));
  const checks: Check[] = [
    ['check: the request of the cases', 'null', right === null ? null : `${right.field}: ${right.reason}`],
    refuses(provider, 'an empty input', request(operation, { input: '' })),
    refuses(provider, 'options that are no object', request(operation, { options: [] as never })),
  ];
  // Where the submit carries a file, any scheme may be one that the worker's own source resolver knows.
  if (provider.fileOperations?.includes(operation) !== true) {
    checks.push(refuses(provider, "another vendor's reference", request(operation, { input: 'othervendor://1234' })));
  }
  if (operation === 'extract') {
    const array = request(operation, { schema: { type: 'array', items: {} } });
    checks.push(refuses(provider, 'a schema of no object', array));
    const { schema: _schema, ...bare } = request(operation);
    checks.push(refuses(provider, 'no schema', bare));
  }
  if (operation === 'split') {
    checks.push(refuses(provider, 'no sections', request(operation, { sections: [] })));
    checks.push(
      refuses(
        provider,
        'a section without a name',
        request(operation, { sections: [{ name: ' ', description: 'x' }] }),
      ),
    );
  }
  if (operation === 'parse') {
    checks.push(refuses(provider, 'reversed pages', request(operation, { pages: { start: 5, end: 2 } })));
    checks.push(refuses(provider, 'page 0', request(operation, { pages: [0] })));
    checks.push(refuses(provider, 'sections', request(operation, { sections: [{ name: 'a', description: 'b' }] })));
  }
  return checks;
}

function refuses(provider: Provider, what: string, request: OperationRequest): Check {
  const problem = provider.check(request);
  const named = problem !== null && problem.field !== '' && problem.reason !== '';
  return [
    `check: ${what}`,
    'refused with field and reason',
    say(named, problem === null ? 'let through' : 'nothing named'),
  ];
}

const say = (holds: boolean, problem: string): string | null => (holds ? null : problem);

const rowOf = (operation: string, [situation, expected, problem]: Check): ConformanceRow => ({
  operation,
  situation,
  expected,
  got: problem ?? 'so it is',
  ms: 0,
  requests: 0,
  ok: problem === null,
});
