import type { Choice, JsonPath } from '../json-stream/index.js';

/** What a place is made of: keys, every member of an object, every element of a list. */
type Step = string | typeof MEMBER | typeof ELEMENT;
const MEMBER = Symbol('*');
const ELEMENT = Symbol('[]');

/** What stands where something else should. */
export class PartInvalid extends Error {
  override readonly name = 'PartInvalid';
  constructor(
    readonly path: JsonPath,
    /** Without anything of the content. */
    readonly reason: string,
  ) {
    super(reason);
  }
}

export interface BodyPlaces {
  /** For a scanner: takes what stands at a place. @throws PartInvalid for what is of the wrong kind on the way there. */
  readonly choose: (path: JsonPath, opens: string) => Choice;
  /** Which of the places a taken value stands at, by its number. */
  placeOf(path: JsonPath): number;
  /** The body is at its end. @throws PartInvalid when none of the marks stood in it. */
  end(): void;
}

/**
 * Finds places (`result.chunks[].blocks[]`) in a body as it passes by.
 * @param marks places of which the body must have one.
 * @param mayTake asked before a value is taken.
 */
export function bodyPlaces(
  places: readonly string[],
  marks: readonly string[],
  mayTake: (path: JsonPath, opens: string) => boolean,
): BodyPlaces {
  const wanted = places.map(stepsOf);
  const marking = marks.map(stepsOf);
  let isMarked = marks.length === 0;
  return {
    choose(path, opens) {
      isMarked ||= opens !== 'n' && marking.some((steps) => steps.length === path.length && leadsTo(steps, path));
      let choice: Choice = 'skip';
      for (const steps of wanted) {
        if (!leadsTo(steps, path)) continue;
        if (steps.length === path.length) return mayTake(path, opens) ? 'take' : 'skip';
        if (isOnTheWay(steps, path, opens)) choice = 'enter';
      }
      const isBefore = choice === 'skip' && opens === '{' && marking.some((steps) => isAbove(steps, path));
      return isBefore ? 'enter' : choice;
    },
    placeOf: (path) => wanted.findIndex((steps) => steps.length === path.length && leadsTo(steps, path)),
    end() {
      if (!isMarked) throw new PartInvalid(marking[0]?.map(String) ?? [], 'it is not there');
    },
  };
}

function stepsOf(place: string): Step[] {
  return place.split('.').flatMap((part): Step[] => {
    const key = part.replace(/(\[\])+$/, '');
    const elements = Array<Step>((part.length - key.length) / 2).fill(ELEMENT);
    return [key === '*' ? MEMBER : key, ...elements];
  });
}

/** Whether the path is the place, or above it. */
function leadsTo(steps: readonly Step[], path: JsonPath): boolean {
  if (path.length > steps.length) return false;
  return path.every(
    (key, at) =>
      steps[at] === key || ((steps[at] === ELEMENT) === (typeof key === 'number') && typeof steps[at] === 'symbol'),
  );
}

const isAbove = (steps: readonly Step[], path: JsonPath): boolean => path.length < steps.length && leadsTo(steps, path);

function isOnTheWay(steps: readonly Step[], path: JsonPath, opens: string): boolean {
  const expected = steps[path.length] === ELEMENT ? '[' : '{';
  if (opens === expected) return true;
  // What nobody has named may be of any kind.
  const isUnnamed = steps[path.length - 1] === MEMBER;
  if (opens === 'n' || isUnnamed) return false;
  throw new PartInvalid(path, `expected ${expected === '[' ? 'a list' : 'an object'}`);
}
