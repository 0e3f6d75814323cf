import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseArguments } from '../../scripts/matrix/arguments.js';
import { SUPPORTED, temporalVersion } from '../../scripts/matrix/versions.js';

interface Step {
  uses?: string;
  run?: string;
}
interface Workflow {
  permissions: Record<string, string>;
  jobs: Record<
    string,
    { permissions?: Record<string, string>; strategy?: { matrix: object }; 'timeout-minutes'?: number; steps: Step[] }
  >;
}

const { engines, scripts, files } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  engines: { node: string };
  scripts: Record<string, string>;
  files: string[];
};
const FOLDER = '.github/workflows';
const workflows = new Map(
  readdirSync(FOLDER).map((file) => [file, parse(readFileSync(`${FOLDER}/${file}`, 'utf8')) as Workflow]),
);
const stepsOf = (file: string, job: string): Step[] => workflows.get(file)?.jobs[job]?.steps ?? [];

describe.each([...workflows])('%s', (_file, { jobs, permissions }) => {
  const steps = Object.values(jobs).flatMap((job) => job.steps);

  it('names every action by its commit, and says which release that is', () => {
    const text = readFileSync(`${FOLDER}/${_file}`, 'utf8');
    const uses = steps.flatMap(({ uses }) => uses ?? []);
    expect(uses.length).toBeGreaterThan(0);
    for (const action of uses) {
      expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
      expect(text).toMatch(new RegExp(`${action} # v\\d+\\.\\d+\\.\\d+`));
    }
  });

  it('runs scripts that there are, for a limited time', () => {
    const run = steps.flatMap(({ run }) => [...(run ?? '').matchAll(/npm run (?:--silent )?([\w:-]+)/g)]);
    expect(run.map(([, name = '']) => name).filter((name) => !(name in scripts))).toEqual([]);
    expect(Object.values(jobs).every((job) => Number(job['timeout-minutes']) > 0)).toBe(true);
  });

  it('may read, unless a job says why not; text from outside never stands in a script', () => {
    expect(Object.values(permissions).filter((level) => level !== 'read')).toEqual([]);
    // Choices of our own matrix are no such text.
    const scripted = steps.filter(({ run }) => /\$\{\{(?!\s*matrix\.)/.test(run ?? ''));
    expect(scripted).toEqual([]);
  });
});

describe('supported versions', () => {
  it('are what CI tries, with the arguments that the matrix takes', () => {
    const { matrix } = workflows.get('ci.yml')?.jobs.supported?.strategy ?? {};
    expect(matrix).toEqual(SUPPORTED);
    const [command = ''] = stepsOf('ci.yml', 'supported').flatMap(({ run }) => (run?.includes('matrix') ? run : []));
    const argv = command.replace('npm run matrix -- ', '').split(' ');
    const filled = argv
      .join(' ')
      .replace(/\$\{\{ matrix\.(\w+) \}\}/g, (_all, kind: keyof typeof SUPPORTED) => SUPPORTED[kind][0]);
    expect(parseArguments(filled.split(' '))).toEqual([{ node: '20.19', temporal: 'oldest', typescript: '5.9' }]);
    expect(parseArguments([])).toHaveLength(12);
    expect(() => parseArguments(['--node', '18'])).toThrow('--node: expected 20.19|22|24, got "18"');
  });

  it('begin where package.json says, and are told in the docs', () => {
    expect(engines.node).toBe(`>=${SUPPORTED.node[0]}`);
    const docs = readFileSync('docs/upgrading.md', 'utf8');
    const row = (name: string): string => docs.split('\n').find((line) => line.startsWith(`| ${name} |`)) ?? '';
    for (const version of SUPPORTED.node) expect(row('Node')).toContain(version);
    for (const version of SUPPORTED.typescript) expect(row('TypeScript')).toContain(version);
    expect(row('`@temporalio/*`')).toContain(temporalVersion('oldest'));
  });
});

describe('publishing', () => {
  it('needs no token, is signed, and ships a bill of materials', () => {
    const { permissions } = workflows.get('publish.yml')?.jobs.publish ?? {};
    expect(permissions).toEqual({ contents: 'read', 'id-token': 'write' });
    const commands = stepsOf('publish.yml', 'publish').flatMap(({ run }) => run ?? []);
    expect(commands.at(-1)).toMatch(/^npm publish --provenance/);
    expect(commands.join('\n')).toContain('> sbom.cdx.json');
    expect(files).toContain('sbom.cdx.json');
    expect(readFileSync('.github/workflows/publish.yml', 'utf8')).not.toMatch(/secrets\.|NODE_AUTH_TOKEN/);
  });
});
