import fc from 'fast-check';
import { describe, it } from 'vitest';
import { findDocumentFailure } from '../../src/jobs/failures.js';
import { openResult, type ReadableStore } from '../../src/results/index.js';
import { jobOfKey, resultKey } from '../../src/results/result-key.js';
import { sha256 } from '../../src/results/sha256.js';
import { expect, RUNS, SLOW_CASES } from '../support/properties.js';

const piecesOf = fc.array(fc.uint8Array({ maxLength: 8 }), { maxLength: 6 });

const inPieces = (pieces: Uint8Array[]): ReadableStore => ({
  get: async () =>
    (async function* () {
      yield* pieces;
    })(),
});

const refTo = (body: Uint8Array) => ({
  key: 'v/acc/parse/job-1.json',
  size: body.byteLength,
  sha256: sha256(body),
  contentType: 'application/json',
});

async function read(pieces: Uint8Array[], body: Uint8Array): Promise<{ got: Buffer; failed: string | null }> {
  const got: Uint8Array[] = [];
  try {
    for await (const piece of await openResult(inPieces(pieces), refTo(body))) got.push(piece);
    return { got: Buffer.concat(got), failed: null };
  } catch (error) {
    return { got: Buffer.concat(got), failed: findDocumentFailure(error)?.type ?? 'another' };
  }
}

describe('openResult', () => {
  it('ends well with the bytes of the reference, in whatever pieces, and only with them', async () => {
    const stored = fc.oneof(
      piecesOf.map((pieces) => ({ pieces, body: Buffer.concat(pieces) })),
      fc.record({ pieces: piecesOf, body: fc.uint8Array({ maxLength: 24 }) }),
    );
    await fc.assert(
      fc.asyncProperty(stored, async ({ pieces, body }) => {
        const whole = Buffer.concat(pieces);
        const { got, failed } = await read(pieces, body);
        const same = Buffer.compare(whole, body) === 0;
        expect(failed).to.equal(same ? null : 'DocumentResultCorrupt');
        expect(got.byteLength).to.be.at.most(body.byteLength);
        expect(Buffer.compare(got, whole.subarray(0, got.byteLength))).to.equal(0);
      }),
      { ...RUNS, numRuns: SLOW_CASES },
    );
  });

  it('sees each single bit that is turned', async () => {
    const turned = fc
      .uint8Array({ minLength: 1, maxLength: 40 })
      .chain((body) => fc.tuple(fc.constant(body), fc.nat(body.byteLength * 8 - 1)));
    await fc.assert(
      fc.asyncProperty(turned, async ([body, bit]) => {
        const other = Buffer.from(body);
        other.writeUInt8(other.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
        expect((await read([other], body)).failed).to.equal('DocumentResultCorrupt');
      }),
      { ...RUNS, numRuns: SLOW_CASES },
    );
  });
});

describe('jobOfKey', () => {
  const name = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,40}$/);

  it('finds the job whose key it is', () => {
    const job = fc.record({ provider: name, account: name, operation: fc.constant('parse' as const), jobId: name });
    fc.assert(
      fc.property(job, (one) => {
        expect(jobOfKey(resultKey(one))).to.deep.equal(one);
      }),
      RUNS,
    );
  });

  it('never throws, and leads back to the key', () => {
    fc.assert(
      fc.property(fc.string(), (key) => {
        const job = jobOfKey(key);
        if (job !== null)
          expect([job.provider, job.account, job.operation, job.jobId].join('/') + '.json').to.equal(key);
      }),
      RUNS,
    );
  });
});
