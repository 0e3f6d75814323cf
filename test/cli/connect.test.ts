import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { namedTemporal } from '../../src/cli/connect.js';

let file: string;
beforeEach(async () => {
  file = join(await mkdtemp(join(tmpdir(), 'docjobs-toml-')), 'temporal.toml');
  for (const name of Object.keys(process.env)) if (name.startsWith('TEMPORAL_')) vi.stubEnv(name, undefined);
  vi.stubEnv('TEMPORAL_CONFIG_FILE', file);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

const where = (flags: Parameters<typeof namedTemporal>[0] = {}) => {
  const named = namedTemporal(flags);
  return named === null ? null : [named.connectionOptions.address, named.namespace];
};

describe('namedTemporal', () => {
  it('is the embedded server when nothing names one', () => {
    expect(where({ state: '/somewhere' })).toBeNull();
  });

  it('takes flags over environment over temporal.toml', async () => {
    await writeFile(file, '[profile.default]\naddress = "file:1"\nnamespace = "from-file"\n');
    expect(where()).toEqual(['file:1', 'from-file']);
    vi.stubEnv('TEMPORAL_ADDRESS', 'env:2');
    expect(where()).toEqual(['env:2', 'from-file']);
    expect(where({ address: 'flag:3', namespace: 'flag' })).toEqual(['flag:3', 'flag']);
  });

  it('a namespace alone means the usual local address', () => {
    expect(where({ namespace: 'team' })).toEqual(['localhost:7233', 'team']);
  });

  it('takes a profile by name', async () => {
    await writeFile(file, '[profile.default]\naddress = "a:1"\n[profile.staging]\naddress = "staging:2"\n');
    expect(where({ profile: 'staging' })?.[0]).toBe('staging:2');
    expect(() => where({ profile: 'none' })).toThrow(expect.objectContaining({ exitCode: 2 }) as Error);
  });

  it('says in one line when temporal.toml is broken', async () => {
    await writeFile(file, 'this is = = not toml');
    expect(() => where()).toThrow(/^Temporal's configuration can't be read: [^\n]+$/);
  });
});
