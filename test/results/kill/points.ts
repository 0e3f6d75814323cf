/** Where a copy can be cut off, in the order in which it gets there. */
export const POINTS = {
  claim: 'before the claim',
  claimed: 'claimed, not asked for',
  'spool half': 'half of it on this host’s disk',
  'spool whole': 'all of it on this host’s disk',
  put: 'before the copy',
  half: 'mid-body',
  last: 'after the last byte, before it has its name',
  named: 'it has its name, and the store does not know',
  stored: 'stored, and the activity does not know',
  reported: 'before completion is reported',
} as const;

export type Point = keyof typeof POINTS;

/** From these on, the object is there. */
export const isThere = (point: Point): boolean => point === 'named' || point === 'stored' || point === 'reported';
