import { JsonScanner } from './json-scanner.js';
import type { WantedStrings } from './json-skim.js';
import { parsed } from './json-slices.js';

/** Larger values are left out, bytes. */
const SMALL = 64 * 1024;
/** What stands in for them. */
const EMPTY: Readonly<Record<string, string>> = { '{': '{}', '[': '[]', '"': '""' };

/** Reads a JSON text as it passes by. */
export interface Outline {
  /** @throws JsonBrokenError */
  push(piece: Uint8Array): void;
  /**
   * The text is at its end: its object with two levels of members, in which values of more than 64 KiB are empty ones of their kind. `{}` for
   * anything but an object.
   * @throws JsonBrokenError
   */
  end(): Record<string, unknown>;
}

export function outlineJson(strings?: WantedStrings): Outline {
  const outline: Record<string, unknown> = {};
  const held: Uint8Array[] = [];
  let size = 0;
  let kind = '';
  const scanner = new JsonScanner({
    choose(path, opens) {
      kind = opens;
      if (path.length === 0) return opens === '{' ? 'enter' : 'skip';
      if (path.length > 1 || opens !== '{') return 'take';
      put(outline, path, {});
      return 'enter';
    },
    taken(path, piece, last) {
      size += piece.byteLength;
      if (size <= SMALL) held.push(Uint8Array.from(piece));
      if (!last) return;
      put(outline, path, parsed(size <= SMALL ? Buffer.concat(held) : Buffer.from(EMPTY[kind] ?? '0')));
      held.length = 0;
      size = 0;
    },
    ...(strings === undefined ? {} : { strings }),
  });
  return {
    push: (piece) => scanner.push(piece),
    end: () => (scanner.end(), outline),
  };
}

function put(outline: Record<string, unknown>, [outer, inner]: readonly (string | number)[], value: unknown): void {
  const target = inner === undefined ? outline : outline[String(outer)];
  // As JSON.parse does it: `__proto__` is a key like any other.
  Object.defineProperty(target, String(inner ?? outer), {
    value,
    enumerable: true,
    writable: true,
    configurable: true,
  });
}
