import type { Point } from './points.js';

/** How the finished body comes. `small`: inline and of a few bytes, which a bucket takes in one call. */
export const BODIES = {
  inline: 'reducto, inline',
  url: 'reducto, behind a URL',
  small: 'reducto, inline, small',
  'other inline': 'pulse, inline',
  once: 'pulse, read once',
  'once half sent': 'pulse, read once, half of it sent',
  'once opened': 'pulse, read once, spent when it is opened',
} as const;

export type Body = keyof typeof BODIES;
export type StoreKind = 'file' | 's3';

/** One body, one store, one point of death. */
export interface Cell {
  body: Body;
  store: StoreKind;
  point: Point;
  /** How attempt 2 ends. Consumed: the vendor has served what it serves once, and it was on the dead worker's disk alone. */
  end: 'completed' | 'DocumentResultConsumed';
}

export const isOnce = (body: Body): boolean => body.startsWith('once');

const COPY: Point[] = ['put', 'half', 'last', 'named', 'stored', 'reported'];
const SPOOL: Point[] = ['spool half', 'spool whole'];

/** A body of several MB for a bucket goes by way of the disk when it comes as a stream. */
const ALL_POINTS: [Body, StoreKind, Point[]][] = [
  ['inline', 'file', COPY],
  ['url', 'file', COPY],
  ['other inline', 'file', COPY],
  ['once', 'file', ['claim', 'claimed', 'spool whole', ...COPY]],
  ['once half sent', 'file', ['spool half']],
  ['once opened', 'file', ['claimed', 'spool half']],
  ['inline', 's3', COPY],
  ['url', 's3', [...SPOOL, ...COPY]],
  ['other inline', 's3', COPY],
  ['once', 's3', ['claim', 'claimed', 'spool whole', ...COPY]],
  ['once half sent', 's3', ['spool half']],
  ['small', 's3', ['half', 'named']],
];

export const CELLS: readonly Cell[] = ALL_POINTS.flatMap(([body, store, points]) =>
  points.map((point) => ({ body, store, point, end: endOf(body, point) })),
);

function endOf(body: Body, point: Point): Cell['end'] {
  const spent: Point[] = [
    ...(body === 'once opened' ? (['spool half'] as const) : []),
    'spool whole',
    'put',
    'half',
    'last',
  ];
  return isOnce(body) && spent.includes(point) ? 'DocumentResultConsumed' : 'completed';
}

/** Each way of a body into each store dies at each kind of point, but not each with each. */
const SHORT: Record<StoreKind, Partial<Record<Body, Point[]>>> = {
  file: {
    inline: ['half', 'named', 'reported'],
    url: ['put', 'half', 'last'],
    'other inline': ['last'],
    once: ['claimed', 'spool whole', 'named', 'stored'],
    'once half sent': ['spool half'],
    'once opened': ['spool half'],
  },
  s3: {
    inline: ['half', 'last', 'named'],
    url: ['spool half', 'half', 'named'],
    'other inline': ['put', 'stored'],
    once: ['claim', 'half', 'named'],
    small: ['half'],
  },
};

export const SHORT_CELLS: readonly Cell[] = CELLS.filter(({ store, body, point }) =>
  SHORT[store][body]?.includes(point),
);
