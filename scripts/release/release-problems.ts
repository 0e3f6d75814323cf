/** What a release is judged by. */
export interface Release {
  /** In package.json. */
  version: string;
  /** The tag that asks for the release; null when nobody has set one yet. */
  tag: string | null;
  /** Text of CHANGELOG.md. */
  changelog: string;
  /** Names of the histories that are kept for this version. */
  histories: readonly string[];
  /** Names of those that there have to be. */
  scenarios: readonly string[];
}

/** What stands in the way of a release, one line each. */
export function problemsOfRelease({ version, tag, changelog, histories, scenarios }: Release): string[] {
  const problems: string[] = [];
  if (tag !== null && tag !== `v${version}`) problems.push(`the tag is ${tag}, package.json says ${version}`);
  const sections = changelog.split(/^## /m).slice(1);
  const of = (name: string): string | undefined => sections.find((section) => section.startsWith(`[${name}]`));
  const own = of(version);
  if (own === undefined) problems.push(`CHANGELOG.md has no section [${version}]`);
  else if (!/^\S+ - \d{4}-\d{2}-\d{2}$/m.test(own.split('\n', 1)[0] ?? ''))
    problems.push(`CHANGELOG.md: [${version}] needs its date, as in "## [${version}] - 2030-01-31"`);
  else if (!own.includes('\n- ')) problems.push(`CHANGELOG.md: [${version}] says nothing`);
  if (of('Unreleased')?.includes('\n- ')) problems.push('CHANGELOG.md: what is [Unreleased] belongs to this version');
  const missing = scenarios.filter((name) => !histories.includes(name));
  if (missing.length > 0) problems.push(`test/histories/${version} lacks ${missing.join(', ')}: npm run histories`);
  return problems;
}
