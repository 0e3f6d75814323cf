import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { serveHealth, type HealthServer } from '../../src/cli/serve-health.js';
import { storePlace } from '../../src/cli/worker-store.js';

describe('where --results of a worker points to', () => {
  it.each([
    ['/mnt/results', { kind: 'folder', path: '/mnt/results' }],
    ['results', { kind: 'folder', path: 'results' }],
    ['s3://acme', { kind: 's3', bucket: 'acme' }],
    ['s3://acme/', { kind: 's3', bucket: 'acme' }],
    ['s3://acme/document-jobs/prod/', { kind: 's3', bucket: 'acme', prefix: 'document-jobs/prod' }],
  ])('%s', (text, place) => expect(storePlace(text)).toEqual(place));

  it.each(['s3:', 's3://', 's3:///results', 's3:acme'])('%s is refused', (text) => {
    expect(() => storePlace(text)).toThrow(/expected a folder or s3:\/\/bucket\/prefix/);
  });
});

describe('the health port', () => {
  let server: HealthServer | undefined;
  afterEach(() => server?.close());

  it('says whether the worker runs, whatever is asked', async () => {
    let running = true;
    server = await serveHealth(0, '127.0.0.1', () => running);
    const ask = async (path: string): Promise<string> => {
      const response = await fetch(`http://127.0.0.1:${server?.port}${path}`);
      return `${response.status} ${await response.text()}`;
    };
    expect(await ask('/')).toBe('200 running\n');
    running = false;
    expect(await ask('/readyz')).toBe('503 not running\n');
  });

  it('closes although somebody holds a connection, and refuses a port that is taken', async () => {
    server = await serveHealth(0, '127.0.0.1', () => true);
    const { port } = server;
    await expect(serveHealth(port, '127.0.0.1', () => true)).rejects.toMatchObject({ code: 'EADDRINUSE' });
    const held = connect(port, '127.0.0.1');
    await new Promise((resolve) => held.once('connect', resolve));
    const ended = new Promise((resolve) => held.once('close', resolve));
    held.on('error', () => undefined);
    await server.close();
    await ended;
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
  });
});
