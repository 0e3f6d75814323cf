import type { JsonValue } from '../../jobs/json.js';
import type { Conventions } from './conventions.js';
import { isPair, type LabelSpot } from './label-spots.js';
import { headsColumns, headsTable } from './header-rows.js';
import { isLabelOf, wordsScore, type FieldWords } from './labels.js';
import { pathKey, type LeafRequest } from './leaf-requests.js';
import { plausible } from './plausible.js';
import { inRegion, type Region } from './regions.js';
import { typedValue } from './typed-value.js';
import type { Area, SandboxPage } from './types.js';
import { blockBelow, joinBlock, valueSpots, type ValueSpot } from './value-spots.js';

/** A value found for a field, and where. */
export interface Finding {
  value: JsonValue;
  page: SandboxPage;
  area: Area;
  text: string;
}

export interface Evidence {
  spots: readonly LabelSpot[];
  affinity: ReadonlyMap<SandboxPage, number>;
  regions: ReadonlyMap<string, Region>;
  conventions: Conventions;
  /** What else the schema names: a text that is such a name is a label. */
  names: readonly FieldWords[];
}

interface Candidate extends Finding {
  leaf: LeafRequest;
  label: number;
  score: number;
  key: string;
}

const MIN_LABEL = 0.6;
/** A label this good may share its value with another field. */
const EXACT_LABEL = 0.9;

/** Gives each field the best value, best pairs first; two fields share a place only if the label names both. */
export function resolveLeaves(leaves: readonly LeafRequest[], evidence: Evidence): Map<string, Finding> {
  const candidates = leaves
    .flatMap((leaf) => evidence.spots.flatMap((spot) => candidatesAt(leaf, spot, evidence)))
    .sort((a, b) => b.score - a.score);
  const found = new Map<string, Finding>();
  const taken = new Set<string>();
  for (const candidate of candidates) {
    const key = pathKey(candidate.leaf.path);
    if (found.has(key) || (taken.has(candidate.key) && candidate.label < EXACT_LABEL)) continue;
    found.set(key, candidate);
    taken.add(candidate.key);
  }
  return found;
}

function candidatesAt(leaf: LeafRequest, spot: LabelSpot, evidence: Evidence): Candidate[] {
  const region = evidence.regions.get(leaf.owner);
  const inside = region !== undefined && inRegion(spot, region);
  const own = wordsScore(leaf.words, spot.words);
  const label = leaf.qualified ? Math.max(own * (inside ? 1 : 0.8), wordsScore(leaf.qualified, spot.words)) : own;
  if (label < MIN_LABEL) return [];
  const base = label + 0.25 * (evidence.affinity.get(spot.page) ?? 0) + (inside ? 0.3 : 0);
  return placesFor(leaf, spot).flatMap((place) => {
    const value = typedValue(place.text, leaf.shape, evidence.conventions);
    if (place.where === 'below' && headsTable(spot)) return [];
    if (place.where !== 'inline' && isLabel(place.text, evidence.names)) return [];
    if (value === null || !plausible(leaf, place.text, evidence.conventions)) return [];
    const score = base + placeScore(spot, place);
    return score < base - 0.4
      ? []
      : [{ leaf, label, score, key: place.key, value, page: spot.page, area: place.area, text: place.text }];
  });
}

/** An address is all lines below its label; when the label names its owner ("Bill to"), the first one is the name. */
function placesFor(leaf: LeafRequest, spot: LabelSpot): ValueSpot[] {
  const places = valueSpots(spot);
  const last = leaf.words.name.at(-1);
  if (leaf.shape.type !== 'string' || last !== 'address' || leaf.words.name.includes('email')) return places;
  const named = spot.words.includes('address');
  const block = blockBelow(spot);
  const whole = joinBlock(spot, named || spot.inline ? block : block.slice(1), ', ');
  if (!named) return whole ? [whole] : [];
  const beside = places.find((place) => place.where !== 'below');
  return beside ? [beside] : whole ? [whole] : [];
}

/** Layout evidence: what stands beside or below a label is its value unless it looks like a label itself. */
function placeScore(spot: LabelSpot, place: ValueSpot): number {
  if (place.where === 'inline') return spot.marked ? 0.1 : 0;
  let score = place.where === 'right' ? 0.05 - 0.06 * place.skipped : spot.marked ? -0.1 : 0;
  if (place.font !== spot.font) score += 0.08;
  if (!spot.marked && !/\d/.test(place.text)) score -= 0.05;
  if (!spot.marked && headsColumns(spot)) score += place.where === 'below' ? 0.15 : -0.15;
  return score;
}

/** Headings of address blocks, which stand beside each other whether the schema asks for them or not. */
const PARTY =
  /^((bill(ed)?|sold|ship(ped)?|deliver(ed)?|invoiced?|remit) to|supplier|vendor|seller|customer|client|buyer)$/i;

/** A label, alone or with its own value, is no other label's value. */
function isLabel(text: string, names: readonly FieldWords[]): boolean {
  if (isPair(text) || PARTY.test(text)) return true;
  return text.length <= 40 && !/\d/.test(text) && names.some((name) => isLabelOf(name, text));
}
