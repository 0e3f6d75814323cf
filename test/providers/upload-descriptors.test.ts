import { mkdtemp, open, rm, truncate, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DocumentFile, Provider } from '../../src/providers/provider.js';
import { pulse, reducto } from '../../src/providers/registry.js';
import { openDescriptors } from '../support/open-descriptors.js';

const SIZE = 96_000_000;
let folder: string;
let file: DocumentFile;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'upload-descriptors-'));
  const path = join(folder, 'large.pdf');
  await writeFile(path, '%PDF-1.7');
  // More than any buffer between here and there takes at once.
  await truncate(path, SIZE);
  file = { path, size: SIZE, filename: 'large.pdf', contentType: 'application/pdf' };
});
afterAll(() => rm(folder, { recursive: true }));

type Ending = (request: IncomingMessage, response: ServerResponse) => void;

/** How whoever takes the document may end it, most of it unread. */
const ENDINGS: Record<string, Ending> = {
  'refused before it is read': (_request, response) => response.writeHead(403).end('no'),
  'refused half way': (request, response) => {
    request.once('data', () => {
      request.pause();
      response.writeHead(413).end('too large');
    });
  },
  redirected: (_request, response) =>
    response.writeHead(307, { location: 'https://169.254.169.254/put', connection: 'close' }).end(),
  'broken off at once': (request) => request.destroy(),
  'broken off half way': (request) => request.once('data', () => request.destroy()),
  'answered with nonsense': (request) => {
    request.socket.end('SSH-2.0-OpenSSH_9.6\r\n');
  },
  'not read on, until its time is over': (request) => request.pause(),
  'read whole, and refused': (request, response) => {
    request.resume().on('end', () => response.writeHead(500).end());
  },
  'read whole, and taken': (request, response) => {
    request.resume().on('end', () => response.end('{"file_id":"reducto://f","job_id":"j"}'));
  },
};

async function serve(answer: (request: IncomingMessage, response: ServerResponse, url: string) => void) {
  let url = '';
  const server = createServer((request, response) => {
    request.on('error', () => undefined);
    answer(request, response, url);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url, [Symbol.asyncDispose]: close };
}

/** The vendor's own part of an upload, where there is one: a place to put the document. */
const withPlace =
  (ending: Ending) =>
  (request: IncomingMessage, response: ServerResponse, url: string): void => {
    if (request.method === 'PUT') return ending(request, response);
    request.resume().on('end', () => {
      response.end(JSON.stringify({ file_id: 'reducto://f', presigned_url: `${url}/put?X-Amz-Signature=1` }));
    });
  };

const limits = { uploadMs: 1_000, headersMs: 1_000 };

interface Way {
  via: (ending: Ending) => Parameters<typeof serve>[0];
  vendor: (baseUrl: string) => Provider;
  send: (provider: Provider, signal?: AbortSignal) => Promise<unknown>;
}

const upload = (provider: Provider, size: number, signal?: AbortSignal): Promise<unknown> =>
  provider.upload!({ ...file, size }, signal === undefined ? {} : { signal });

/** All ways in which a document leaves the worker. */
const WAYS: Record<string, Way> = {
  'to a presigned URL': {
    via: withPlace,
    vendor: (baseUrl) => reducto({ apiKey: 'sk-1', baseUrl, limits }),
    send: (provider, signal) => upload(provider, SIZE, signal),
  },
  'in a form': {
    via: (ending) => ending,
    vendor: (baseUrl) => reducto({ apiKey: 'sk-1', baseUrl, limits }),
    // Just what it has been told of its size decides.
    send: (provider, signal) => upload(provider, 1, signal),
  },
  'with the submit': {
    via: (ending) => ending,
    vendor: (baseUrl) => pulse({ apiKey: 'sk-1', baseUrl, limits, submitTimeoutMs: 1_000 }),
    send: (provider, signal) => {
      const request = { operation: 'parse', input: file.path } as const;
      return provider.submit(request, { marker: 'm' }, { file, ...(signal === undefined ? {} : { signal }) });
    },
  },
};

it('counts what it is meant to count', async () => {
  expect(openDescriptors(file.path)).toBe(0);
  const handle = await open(file.path);
  expect(openDescriptors(file.path)).toBe(1);
  await handle.close();
  expect(openDescriptors(file.path)).toBe(0);
});

describe.each(Object.entries(WAYS))('an upload %s leaves no file open when it is', (_way, { via, vendor, send }) => {
  async function nothingIsLeft(ending: Ending, signal?: AbortSignal): Promise<void> {
    await using server = await serve(via(ending));
    const provider = vendor(server.url);
    try {
      await send(provider, signal).catch(() => undefined);
      // Before connections are closed, and without any help of the garbage collector.
      await expect.poll(() => openDescriptors(file.path), { timeout: 2_000 }).toBe(0);
    } finally {
      await provider.close();
    }
  }

  it.each(Object.entries(ENDINGS))('%s', (_ending, ending) => nothingIsLeft(ending));

  it('given up half way', async () => {
    const controller = new AbortController();
    await nothingIsLeft((request) => {
      request.once('data', () => controller.abort());
    }, controller.signal);
  });
});
