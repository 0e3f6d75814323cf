/** What is compared; a plain string. */
export type ComparedText = Pick<string, 'length' | 'charCodeAt'>;

/**
 * Whether two texts are the same, in a time that depends on the expected one's length alone: how long a comparison took would tell a
 * stranger how much of a guess was right.
 */
export function sameText(given: ComparedText, expected: ComparedText): boolean {
  let difference = given.length ^ expected.length;
  for (let index = 0; index < expected.length; index += 1) {
    // Beyond the end of a shorter one stands NaN, which counts as 0; the lengths differ then.
    difference |= given.charCodeAt(index) ^ expected.charCodeAt(index);
  }
  return difference === 0;
}
