import { readFileSync } from 'node:fs';
import { validate } from 'dockerfile-utils';
import { describe, expect, it } from 'vitest';
import { parseDuration } from '../../src/jobs/duration.js';
import { workerCommand } from '../../src/cli/commands/worker.js';
import { flagOf, unknownFlags } from './flags.js';

interface Manifest {
  engines: { node: string };
  bin: { docjobs: string };
  peerDependencies: Record<string, string>;
}

const text = readFileSync('Dockerfile', 'utf8');
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
/** Logical lines: continued ones are one, comments none. */
const lines = text
  .replace(/^\s*#.*\n/gm, '')
  .replace(/\\\n\s*/g, '')
  .split('\n')
  .filter((line) => line.trim() !== '');
const last = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')));
const valueOf = (instruction: string): string =>
  last.findLast((line) => line.startsWith(`${instruction} `))?.slice(instruction.length + 1) ?? '';
const allowed = readFileSync('.dockerignore', 'utf8').split('\n');

describe('Dockerfile', () => {
  it('has nothing that the linter objects to', () => {
    expect(validate(text)).toEqual([]);
    expect(validate(text.replace('WORKDIR /app', 'WORKDR /app'))).not.toEqual([]);
  });

  it('builds in one stage and runs in another, on one pinned image with glibc that the package supports', () => {
    expect(lines.filter((line) => line.startsWith('FROM '))).toEqual([
      'FROM ${NODE_IMAGE} AS build',
      'FROM ${NODE_IMAGE} AS worker',
    ]);
    const [, major] = /^ARG NODE_IMAGE=node:(\d+)\.\d+\.\d+-[a-z]+-slim$/m.exec(text) ?? [];
    expect(Number(major)).toBeGreaterThanOrEqual(parseInt(manifest.engines.node.replace('>=', ''), 10));
    expect(text).not.toMatch(/-alpine/);
  });

  it('runs without root, ends by SIGTERM, and its process is docjobs itself: no shell swallows the signal', () => {
    expect(valueOf('USER')).toBe('1000:1000');
    expect(valueOf('STOPSIGNAL')).toBe('SIGTERM');
    expect(JSON.parse(valueOf('ENTRYPOINT'))).toEqual(['docjobs']);
    expect(last.join('\n')).toContain(`ln -s /app/${manifest.bin.docjobs.slice(2)} /usr/local/bin/docjobs`);
  });

  it('starts the worker with flags that it has, and answers on the port that it exposes', () => {
    const [command, ...args] = JSON.parse(valueOf('CMD')) as string[];
    expect(command).toBe('worker');
    expect(unknownFlags(workerCommand(), args)).toEqual([]);
    expect(flagOf(args, 'health-port')).toBe(valueOf('EXPOSE'));
    expect(parseDuration(flagOf(args, 'grace') ?? '')).toBeGreaterThanOrEqual(30_000);
  });

  it('copies nothing from outside that .dockerignore keeps away, which keeps away everything else', () => {
    const copied = lines
      .filter((line) => line.startsWith('COPY ') && !line.includes('--from'))
      .flatMap((line) => line.split(/\s+/).slice(1, -1));
    expect(copied).toContain('src');
    expect(allowed).toContain('*');
    for (const path of copied) expect(allowed).toContain(`!${path}`);
    for (const line of allowed.filter((one) => one.startsWith('!'))) expect(copied).toContain(line.slice(1));
  });
});
