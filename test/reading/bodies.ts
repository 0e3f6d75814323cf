import fc from 'fast-check';

/** What a vendor may add anywhere. */
const extra = fc.dictionary(
  fc.constantFrom('new_field', 'content_2', 'x.y', '[]', '*'),
  fc.oneof({ depthSize: 'small' }, fc.jsonValue({ maxDepth: 3 }), fc.constant({ chunks: [{ blocks: [{}] }] })),
  { maxKeys: 2 },
);
const text = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 30 }), fc.constantFrom('{"a":[', '"\\"', '😀\n'));
const fraction = fc.double({ min: 0, max: 1, noNaN: true, noDefaultInfinity: true });
const page = fc.integer({ min: 1, max: 5 });
const maybe = <T>(one: fc.Arbitrary<T>) => fc.option(one, { freq: 3 });
/** Fields that may be absent, in any order. */
const object = (
  required: Record<string, fc.Arbitrary<unknown>>,
  optional: Record<string, fc.Arbitrary<unknown>> = {},
) =>
  fc
    .tuple(fc.record({ ...required, ...optional }, { requiredKeys: Object.keys(required) }), extra, fc.nat())
    .map(([fields, more, turn]) => {
      const entries = Object.entries({ ...more, ...fields });
      const at = turn % (entries.length || 1);
      return Object.fromEntries([...entries.slice(at), ...entries.slice(0, at)]);
    });

const block = object(
  {
    type: fc.constantFrom('Text', 'Table', 'Figure', 'Title'),
    bbox: object(
      { left: fraction, top: fraction, width: fraction, height: fraction, page },
      { original_page: maybe(page) },
    ),
    content: text,
  },
  { image_url: maybe(text), chart_data: maybe(fc.array(text)), confidence: maybe(text), extra: maybe(fc.constant({})) },
);
const chunk = object(
  { content: text },
  { blocks: maybe(fc.array(block, { maxLength: 6 })), embed: maybe(text), enriched: maybe(text) },
);

/** A stored parse of Reducto's. */
export const reductoBody = object(
  { result: object({ chunks: fc.array(chunk, { maxLength: 4 }) }, { ocr: maybe(fc.constant({ words: [] })) }) },
  { response_type: fc.constant('parse'), usage: maybe(fc.constant({ num_pages: 1 })), job_id: text },
);

const item = object({ content: text }, { id: text, page_number: maybe(page), bounding_box: maybe(fc.array(fraction)) });
const table = object(
  { table_info: object({}, { id: text, page_number: maybe(page) }) },
  { cell_data: maybe(fc.array(fc.jsonValue({ maxDepth: 1 }), { maxLength: 3 })), page_number: maybe(page) },
);
const figure = object({}, { id: text, visual_type: maybe(text), image_url: maybe(text), page_number: maybe(page) });
const list = <T>(of: fc.Arbitrary<T>) => maybe(fc.array(of, { maxLength: 4 }));
const chunks = maybe(fc.dictionary(fc.constantFrom('semantic', 'page'), list(text)));

/** A stored parse of Pulse's. */
export const pulseBody = object(
  { markdown: text },
  {
    page_count: page,
    bounding_boxes: maybe(
      object(
        {},
        {
          Title: list(item),
          Text: list(item),
          Tables: list(table),
          Images: list(figure),
          Words: list(fc.constant({ id: 'w-1' })),
          Unheard: list(fc.oneof(item, fc.jsonValue({ maxDepth: 1 }))),
          defined_names: fc.constant({ a: 1 }),
          markdown_with_ids: text,
        },
      ),
    ),
    extensions: maybe(object({}, { chunking: chunks })),
  },
);
