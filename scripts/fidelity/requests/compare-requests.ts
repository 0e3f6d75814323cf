import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Seen, serveVendor } from '../../../test/providers/vendor-server.js';
import type { Tally } from '../check-lines.js';
import { runScript } from '../run-script.js';
import { VENDORS, type Vendor } from '../vendor-name.js';
import { type Difference, differences, unexplained } from './differences.js';
import { KNOWN_DIFFERENCES } from './known-differences.js';
import { KEY, OUR_CALLS, PROVIDERS } from './our-calls.js';
import { factsOf } from './seen-request.js';

const NOTE = 'Total: 12.50';
/** Enough for any call of either client to be content with. */
const ANSWER = {
  job_id: 'j1',
  file_id: 'reducto://f.txt',
  status: 'Pending',
  created_at: '2026-01-15T00:00:00Z',
  message: 'm',
  jobs: [],
};

/** Records each of our requests and that of the vendor's Python client for the same call, and holds the differences to the table. */
export async function compareRequests(python: string, tally: Tally): Promise<void> {
  const verdict = (isFine: boolean, text: string): void => {
    tally[isFine ? 'passed' : 'failed']++;
    console.log(`${isFine ? 'ok' : 'FAIL'} ${text}`);
  };
  const found: Difference[] = [];
  for (const vendor of VENDORS) {
    const ours = await recordOurs(vendor);
    const theirs = await recordTheirs(vendor, python);
    for (const [call, mine] of ours) {
      const reference = theirs.get(call);
      if (reference === undefined) {
        verdict(false, `${vendor} request ${call}: the vendor’s client made none`);
        continue;
      }
      const snakeNames = vendor === 'pulse';
      const some = differences(vendor, call, await factsOf(mine, snakeNames), await factsOf(reference, snakeNames));
      const { unknown } = unexplained(some, KNOWN_DIFFERENCES);
      const text = unknown.map((one) => `; ${one.field}: ours ${show(one.ours)}, theirs ${show(one.theirs)}`);
      verdict(unknown.length === 0, `${vendor} request ${call}, as the Python client’s${text.join('')}`);
      found.push(...some);
    }
  }
  for (const { vendor, call, field } of unexplained(found, KNOWN_DIFFERENCES).stale) {
    verdict(false, `${vendor} request ${call}: ${field} is in the table of differences, but does not differ`);
  }
}

const show = (value: unknown): string => (value === undefined ? 'absent' : JSON.stringify(value));

async function recordOurs(vendor: Vendor): Promise<Map<string, Seen>> {
  const folder = await mkdtemp(join(tmpdir(), 'fidelity-'));
  const path = join(folder, 'note.txt');
  await writeFile(path, NOTE);
  const file = { path, filename: 'note.txt', contentType: 'text/plain', size: NOTE.length };
  await using server = await record();
  const provider = PROVIDERS[vendor](server.url);
  const requests = new Map<string, Seen>();
  try {
    for (const [name, call] of Object.entries(OUR_CALLS[vendor])) {
      const before = server.seen.length;
      await call(provider, file);
      requests.set(name, server.seen[before]!);
    }
  } finally {
    await provider.close();
    await rm(folder, { recursive: true });
  }
  return requests;
}

async function recordTheirs(vendor: Vendor, python: string): Promise<Map<string, Seen>> {
  await using server = await record();
  const env = { PATH: process.env.PATH, FIDELITY_KEY: KEY, FIDELITY_URL: server.url };
  await runScript(python, `${vendor}_requests.py`, env, (line) => ({ show: line }));
  return new Map(server.seen.map((one) => [String(one.headers['x-fidelity-call']), one]));
}

const record = () =>
  serveVendor(() => ({ status: 200, body: ANSWER, headers: { 'content-type': 'application/json' } }));
