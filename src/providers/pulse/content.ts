import { z } from 'zod';
import { byPage, type OnPage, type PageOf, type Wants } from '../by-page.js';
import { picked } from '../lazily.js';
import type { BodyPart, BodyPath, ResultFormat, StoredBody } from '../result-format.js';
import type { PulseContent, PulseFigure, PulsePage, PulseTable, PulseText } from './content-types.js';
import { interpret } from './interpret.js';

const nullish = <T extends z.ZodType>(type: T) => z.exactOptional(type.nullable());

const Text = z.looseObject({
  id: nullish(z.string()),
  content: z.string(),
  page_number: nullish(z.int()),
  bounding_box: nullish(z.array(z.number())),
});

const Table = z.looseObject({
  table_info: z.looseObject({
    id: nullish(z.string()),
    dimensions: z.unknown().optional(),
    page_number: nullish(z.int()),
  }),
  cell_data: z
    .array(z.unknown())
    .nullish()
    .transform((cells) => cells ?? []),
  page_number: nullish(z.int()),
});

const Figure = z.looseObject({
  id: nullish(z.string()),
  visual_type: nullish(z.string()),
  image_url: nullish(z.string()),
  description: nullish(z.string()),
  page_number: nullish(z.int()),
});

const ITEMS = 'bounding_boxes.*[]';
const TEXTS: ReadonlySet<unknown> = new Set(['Title', 'Text', 'Header', 'SectionHeader', 'Footer']);
/** A list that the vendor's reference does not name may be of anything. */
const MaybeText = Text.nullable().catch(null);

/** How Pulse's results are read back. Every field of a parse may be missing; those of other results have none of these. */
export const pulseFormat: ResultFormat<PulseContent> = {
  provider: 'pulse',
  parseHas: ['markdown', 'content', 'bounding_boxes'],
  content,
  interpret,
};

function content(body: StoredBody): PulseContent {
  const items = <T>(places: string, schema: Parameters<typeof body.each>[1]): AsyncIterable<T> =>
    picked(body.each(places, schema), (part) => (itemOf(part).item ?? undefined) as T | undefined);
  const placed = (wants: Wants): AsyncIterable<OnPage<Item | null>> =>
    picked(
      body.each(ITEMS, (path) => {
        const schema = schemaAt(path);
        return schema !== null && wants() ? schema : null;
      }),
      itemOf,
    );
  return {
    provider: 'pulse',
    // `content` is what `markdown` was called once.
    text: () => body.text(['markdown', 'content']),
    chunks: () =>
      // The second is where they are when they were asked for in the deprecated way.
      picked(body.each(['extensions.chunking.*[]', 'chunks.*[]'], z.string()), ({ path, value }) => ({
        type: String(path.at(-2)),
        content: value,
      })),
    texts: () => items<PulseText>(ITEMS, (path) => (isOf(path, 'Tables', 'Images') ? null : schemaAt(path))),
    tables: () => items<PulseTable>('bounding_boxes.Tables[]', Table),
    figures: () => items<PulseFigure>('bounding_boxes.Images[]', Figure),
    pages: () => picked(byPage(placed), pageOf),
  };
}

const isOf = ([, group]: BodyPath, ...groups: string[]): boolean => groups.includes(String(group));

function schemaAt(path: BodyPath): z.ZodType | null {
  if (isOf(path, 'Tables')) return Table;
  if (isOf(path, 'Images')) return Figure;
  // The texts' words once more.
  if (isOf(path, 'Words')) return null;
  return TEXTS.has(path[1]) ? Text : MaybeText;
}

type Item = PulseText | PulseTable | PulseFigure;
/** As the schemas leave it. */
type Loose = { page_number?: number | null; table_info?: { page_number?: number | null } };

function itemOf({ path, value, size }: BodyPart<unknown>): OnPage<Item | null> {
  if (value === null) return { page: null, item: null, size };
  const loose = value as Loose;
  const page = loose.page_number ?? loose.table_info?.page_number ?? null;
  return { page, item: Object.assign(loose, { group: String(path[1]), page }), size };
}

function pageOf({ page, items }: PageOf<Item | null>): PulsePage {
  const result: PulsePage = { page, texts: [], tables: [], figures: [] };
  for (const item of items) {
    if (item === null) continue;
    if (item.group === 'Tables') result.tables.push(item as PulseTable);
    else if (item.group === 'Images') result.figures.push(item);
    else result.texts.push(item as PulseText);
  }
  return result;
}
