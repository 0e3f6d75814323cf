/** Licences that ask for no more than to be named. SPDX identifiers. */
const ALLOWED: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'Python-2.0',
  'Unlicense',
]);

/** For data that is used as it is. */
const ALLOWED_DATA: ReadonlySet<string> = new Set(['CC-BY-4.0']);

/** Packages that hold data and no code. */
const DATA: ReadonlySet<string> = new Set(['caniuse-lite']);

/** Their manifest says nothing; what the licence file in the package says was read. */
export const READ_BY_HAND: Readonly<Record<string, string>> = { 'unionfs@4.6.0': 'Unlicense' };

/** Whether a package may be shipped on these terms: an SPDX expression of identifiers, `AND`, `OR` and brackets. Anything else may not. */
export function isAllowed(expression: string | undefined, packageName: string): boolean {
  const tokens = expression?.match(/\(|\)|[^\s()]+/g) ?? [];
  let at = 0;
  const one = (): boolean => {
    const token = tokens[at++];
    if (token !== '(') {
      const named = token ?? '';
      return ALLOWED.has(named) || (DATA.has(packageName) && ALLOWED_DATA.has(named));
    }
    const inside = either();
    return tokens[at++] === ')' && inside;
  };
  const all = (): boolean => {
    let verdict = one();
    while (tokens[at] === 'AND') {
      at++;
      verdict = one() && verdict;
    }
    return verdict;
  };
  const either = (): boolean => {
    let verdict = all();
    while (tokens[at] === 'OR') {
      at++;
      verdict = all() || verdict;
    }
    return verdict;
  };
  return either() && at === tokens.length;
}
