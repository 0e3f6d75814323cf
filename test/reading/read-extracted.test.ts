import { describe, expect, it } from 'vitest';
import { isDocumentFailure, readExtracted, readSections, reducto } from '../../src/index.js';
import { stored } from './store-of.js';

const SECRET = 'Jane Doe';
const citation = { type: 'Text', bbox: { left: 0, top: 0, width: 1, height: 1, page: 1 }, content: SECRET };
const CITED = { response_type: 'v3_extract', result: { name: { value: SECRET, citations: [citation] } } };
const PLAIN = { response_type: 'extract', result: [{ name: SECRET }], citations: null };
const VALUES = { schema_id: 's', schema_output: { values: { name: SECRET }, citations: { name: 'txt-1' } } };
const BY_SECTION = {
  schema_id: 's',
  split_id: 'p',
  results: { A: { values: { name: SECRET }, citations: { name: 'txt-1' } }, B: { values: null } },
  errors: { C: 'No pages were assigned' },
};

const extractOf = (vendor: string, body: unknown) => stored(vendor, body, { operation: 'extract' });
const splitOf = (vendor: string, body: unknown) => stored(vendor, body, { operation: 'split' });

async function failing(work: Promise<unknown>) {
  const error: unknown = await work.catch((reason: unknown) => reason);
  if (!isDocumentFailure(error)) throw error;
  expect(JSON.stringify([error.message, error.details])).not.toContain(SECRET);
  return error;
}

describe('readExtracted', () => {
  it.each<[string, string, unknown, object]>([
    ['plain', 'reducto', PLAIN, { data: { name: SECRET } }],
    ['cited', 'reducto', CITED, { data: { name: SECRET }, citations: { name: [citation] } }],
    ['of the other vendor', 'pulse', VALUES, { data: { name: SECRET }, citations: { name: 'txt-1' } }],
    ['null', 'pulse', { schema_output: { values: null } }, { data: null }],
  ])('reads a stored value (%s)', async (_what, vendor, body, wanted) => {
    const { store, ref, seen } = extractOf(vendor, body);
    expect(await readExtracted(store, { stored: ref })).toEqual(wanted);
    expect(await readExtracted(store, ref)).toEqual(wanted);
    expect(seen).toEqual({ opened: 2, closed: 2 });
  });

  it('reads nothing for a value that travelled inline', async () => {
    const { store, ref, seen } = extractOf('reducto', PLAIN);
    const inline = { jobId: 'j', data: { total: 1 }, citations: [], stored: ref };
    expect(await readExtracted(store, inline)).toEqual({ data: { total: 1 }, citations: [] });
    expect(await readExtracted(store, { data: null, stored: ref })).toEqual({ data: null });
    expect(seen.opened).toBe(0);
  });

  it('reads one section’s value', async () => {
    const { store, ref } = extractOf('pulse', BY_SECTION);
    const value = { data: { name: SECRET }, citations: { name: 'txt-1' } };
    expect(await readExtracted(store, ref, { section: 'A' })).toEqual(value);
    expect(await readExtracted(store, ref, { section: 'B' })).toEqual({ data: null });
    const failed = await failing(readExtracted(store, ref, { section: 'C' }));
    expect(failed).toMatchObject({
      type: 'DocumentSectionFailed',
      details: { section: 'C', reason: 'No pages were assigned' },
    });
    const absent = await failing(readExtracted(store, ref, { section: 'D' }));
    expect(absent).toMatchObject({ type: 'DocumentSectionFailed', details: { reason: 'the vendor left it out' } });
    const unsaid = await failing(readExtracted(store, ref));
    expect(unsaid).toMatchObject({ type: 'DocumentInputInvalid', details: { field: 'section' } });
  });

  it('takes a section’s own extract as it is', async () => {
    const { store, ref } = extractOf('reducto', PLAIN);
    expect(await readExtracted(store, ref, { section: 'A' })).toEqual({ data: { name: SECRET } });
  });

  it('says which field is wrong', async () => {
    const parse = { result: { type: 'full', chunks: [{ content: SECRET }] } };
    const { type, details } = await failing(readExtracted(...pair(extractOf('reducto', parse))));
    expect([type, details]).toEqual([
      'DocumentReplyInvalid',
      expect.objectContaining({ field: 'result', jobId: 'job-1' }),
    ]);
    const other = await failing(readExtracted(...pair(extractOf('pulse', { markdown: SECRET }))));
    expect(other).toMatchObject({ type: 'DocumentReplyInvalid', details: { field: 'schema_output' } });
    const broken = await failing(readExtracted(...pair(extractOf('pulse', `{"a":"${SECRET}`))));
    expect(broken).toMatchObject({ type: 'DocumentReplyInvalid' });
  });

  it('refuses what is of another operation or vendor, and what was changed', async () => {
    const refused = { type: 'DocumentInputInvalid' };
    expect(await failing(readExtracted(...pair(splitOf('reducto', {}))))).toMatchObject(refused);
    expect(await failing(readExtracted(...pair(extractOf('acme', {}))))).toMatchObject(refused);
    const { store, ref } = extractOf('pulse', VALUES);
    expect(await failing(readExtracted(store, ref, { format: reducto.format }))).toMatchObject({
      ...refused,
      details: { field: 'format' },
    });
    const changed = stored('pulse', VALUES, { operation: 'extract', now: '{}' });
    expect(await failing(readExtracted(...pair(changed)))).toMatchObject({ type: 'DocumentResultCorrupt' });
  });

  it('reads a vendor of one’s own by its format, whatever the key', async () => {
    const { store, ref } = extractOf('acme', { answer: 42 });
    const format = {
      ...reducto.format,
      provider: 'acme',
      interpret: (_operation: string, _jobId: string, body: unknown) => ({
        usage: { pages: null, credits: null },
        data: (body as { answer: number }).answer,
      }),
    };
    expect(await readExtracted(store, ref, { format })).toEqual({ data: 42 });
    const elsewhere = { get: async () => store.get(ref.key) };
    expect(await readExtracted(elsewhere, { ...ref, key: 'my/own' }, { format })).toEqual({ data: 42 });
    expect(await failing(readExtracted(elsewhere, { ...ref, key: 'my/own' }))).toMatchObject({
      type: 'DocumentInputInvalid',
      details: { field: 'stored' },
    });
  });
});

describe('readSections', () => {
  it.each<[string, unknown]>([
    ['reducto', { result: { splits: [{ name: 'A', pages: [2, 1] }], section_mapping: null } }],
    [
      'reducto',
      { result: { splits: [{ name: 'A', pages: [{ page_number: 1, evidence: SECRET }, { page_number: 2 }] }] } },
    ],
    ['pulse', { split_id: 's', split_output: { splits: { A: [1, 2] } } }],
  ])('reads stored sections (%s)', async (vendor, body) => {
    expect(await readSections(...pair(splitOf(vendor, body)))).toEqual([{ name: 'A', pages: [1, 2] }]);
  });

  it('reads nothing for sections that travelled inline', async () => {
    const { store, ref, seen } = splitOf('reducto', {});
    const sections = [{ name: 'A', pages: [1], extract: { jobId: 'j' } }];
    expect(await readSections(store, { sections, stored: ref })).toBe(sections);
    expect(seen.opened).toBe(0);
  });

  it('says which field is wrong', async () => {
    const { type, details } = await failing(readSections(...pair(splitOf('pulse', { split_id: 's', name: SECRET }))));
    expect([type, details]).toEqual(['DocumentReplyInvalid', expect.objectContaining({ field: 'split_output' })]);
  });
});

function pair({ store, ref }: ReturnType<typeof stored>) {
  return [store, ref] as const;
}
