import { describe, expectTypeOf, it } from 'vitest';
import {
  type JsonValue,
  type ProcessDocumentResult,
  type ProviderContent,
  type PulseContent,
  pulse,
  readExtracted,
  readParsed,
  readSections,
  type ReductoBlock,
  type ReductoContent,
  reducto,
  type ResultRef,
  type ResultStore,
  type Section,
} from '../../src/index.js';
import type { ExtractedDocument, ParsedDocument } from '../../src/workflows/index.js';

declare const store: ResultStore;
declare const ref: ResultRef;
declare const result: ProcessDocumentResult;
declare const parsed: ParsedDocument;
declare const extracted: ExtractedDocument<{ total: number }>;

describe('reading back', () => {
  it('types a parse by the vendor', () => {
    expectTypeOf<ProviderContent>().toEqualTypeOf<ReductoContent | PulseContent>();
    expectTypeOf<ProviderContent<'pulse'>>().toEqualTypeOf<PulseContent>();
    expectTypeOf(readParsed(store, ref, { format: reducto.format })).toEqualTypeOf<ReductoContent>();
    expectTypeOf(readParsed(store, parsed, { format: pulse.format })).toEqualTypeOf<PulseContent>();
    const content = readParsed(store, result.parsed);
    expectTypeOf(content).toEqualTypeOf<ReductoContent | PulseContent>();
    expectTypeOf(content.text()).toEqualTypeOf<AsyncIterable<string>>();
    if (content.provider === 'reducto') expectTypeOf(content.tables()).toEqualTypeOf<AsyncIterable<ReductoBlock>>();
    // Only one of them has blocks.
    expectTypeOf(content).not.toHaveProperty('blocks');
  });

  it('promises what is checked, and lets through what the vendor adds', () => {
    expectTypeOf<ReductoBlock['bbox']['page']>().toEqualTypeOf<number>();
    expectTypeOf<ReductoBlock['confidence']>().toEqualTypeOf<string | null | undefined>();
    expectTypeOf<ReductoBlock['something_new']>().toBeUnknown();
  });

  it('types extracted values by what is handed in', () => {
    expectTypeOf(readExtracted(store, extracted)).resolves.toEqualTypeOf<{
      data: { total: number };
      citations?: JsonValue;
    }>();
    expectTypeOf(readExtracted(store, ref).then(({ data }) => data)).resolves.toEqualTypeOf<JsonValue>();
    expectTypeOf(readExtracted<{ a: 1 }>(store, ref).then(({ data }) => data.a)).resolves.toEqualTypeOf<1>();
    expectTypeOf(readSections(store, ref)).resolves.toEqualTypeOf<Section[]>();
    // @ts-expect-error there is nothing stored in it
    void readExtracted(store, { data: 1 });
  });
});
