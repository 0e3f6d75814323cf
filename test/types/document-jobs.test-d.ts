import { describe, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import {
  documentJobs,
  isDocumentFailure,
  type JsonValue,
  type ParsedDocument,
  type SplitDocument,
} from '../../src/workflows/index.js';
import { failure, mockDocumentActivities } from '../../src/testing/index.js';

declare const parsed: ParsedDocument;
declare const split: SplitDocument;
declare const error: unknown;
const docs = documentJobs({ provider: 'reducto' });

describe('documentJobs', () => {
  it('types data by the schema', () => {
    const Invoice = z.object({ total: z.number(), lines: z.array(z.object({ text: z.string() })) });
    expectTypeOf(docs.extract(parsed, { schema: Invoice }).then((done) => done.data)).resolves.toEqualTypeOf<{
      total: number;
      lines: { text: string }[];
    }>();
    expectTypeOf(
      docs.extract(parsed, { schema: { type: 'object' } }).then((done) => done.data),
    ).resolves.toEqualTypeOf<JsonValue>();
    expectTypeOf(
      docs.extract<{ a: 1 }>(parsed, { schema: { type: 'object' } }).then((done) => done.data),
    ).resolves.toEqualTypeOf<{ a: 1 }>();
  });

  it('keeps the types of jobs that run side by side', () => {
    const both = docs.all([
      () => docs.extract<{ a: 1 }>(parsed, { schema: { type: 'object' } }),
      () => docs.split(parsed, { sections: [{ name: 'a', description: 'b' }] }),
    ]);
    expectTypeOf(both.then(([fields]) => fields.data)).resolves.toEqualTypeOf<{ a: 1 }>();
    expectTypeOf(both.then(([, parts]) => parts.sections[0]?.pages)).resolves.toEqualTypeOf<number[] | undefined>();
  });

  it('types the value of each section', () => {
    const each = docs.extractSections<{ a: 1 }>(parsed, split, { schema: { type: 'object' } });
    expectTypeOf(each.then(([first]) => first?.extract?.data)).resolves.toEqualTypeOf<{ a: 1 } | undefined>();
    expectTypeOf(each.then(([first]) => first?.pages)).resolves.toEqualTypeOf<number[] | undefined>();
  });

  it('knows the vendor’s options and operations', () => {
    void docs.parse('https://x/y.pdf', { options: { settings: { model: 'r-1' } } });
    // @ts-expect-error no such vendor field
    void docs.parse('https://x/y.pdf', { options: { setings: {} } });
    void docs.run('classify', { input: parsed });
    // @ts-expect-error Reducto has no tables operation
    void docs.run('tables', { input: parsed });
    const other = documentJobs({ provider: 'pulse' });
    void other.parse('https://x/y.pdf', { options: { extensions: { altOutputs: { returnHtml: true } } } });
    // @ts-expect-error a field of the other vendor
    void other.parse('https://x/y.pdf', { options: { settings: { model: 'r-1' } } });
    void other.run('tables', { input: parsed, options: { tables_config: { merge: true } } });
    // @ts-expect-error Pulse has no classify operation
    void other.run('classify', { input: parsed });
    // @ts-expect-error no such provider
    void documentJobs({ provider: 'nobody' });
  });
});

describe('isDocumentFailure', () => {
  it('narrows the details to the type asked for', () => {
    if (isDocumentFailure(error, 'DocumentJobFailed')) {
      expectTypeOf(error.details.jobId).toEqualTypeOf<string>();
      expectTypeOf(error.details.resubmits).toEqualTypeOf<number>();
    }
    if (isDocumentFailure(error, 'DocumentSubmitRejected'))
      expectTypeOf(error.details.httpStatus).toEqualTypeOf<number | null>();
    // @ts-expect-error no such failure type
    isDocumentFailure(error, 'DocumentJobExploded');
  });
});

describe('mockDocumentActivities', () => {
  it('types each answer by its operation', () => {
    mockDocumentActivities({
      parse: { pageCount: 3 },
      extract: (request) => ({ data: request.schema ?? null }),
      split: failure('DocumentJobFailed'),
    });
    // @ts-expect-error an extract answers with data
    mockDocumentActivities({ extract: { sections: [] } });
    // @ts-expect-error no such failure type
    mockDocumentActivities({ split: failure('Nope') });
  });
});
