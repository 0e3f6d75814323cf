import { createContext, runInContext } from 'node:vm';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { COMPLETED, post, SECRET, signed, TOKEN } from './sender.js';

/** What runs at the edge have, and no more: no `process`, no `Buffer`, no `require`. */
const {
  Request,
  Response,
  Headers,
  URL,
  TextDecoder,
  TextEncoder,
  setTimeout,
  clearTimeout,
  performance,
  console,
  ReadableStream,
} = globalThis;
const WEB = {
  Request,
  Response,
  Headers,
  URL,
  TextDecoder,
  TextEncoder,
  setTimeout,
  clearTimeout,
  performance,
  console,
  ReadableStream,
};

it('the receiver is one small bundle that runs without Node', async () => {
  const { outputFiles, metafile } = await build({
    stdin: { contents: "export { createWebhookHandler } from './src/webhooks/index.ts';", resolveDir: '.' },
    bundle: true,
    // Whatever is Node's alone would end the build here.
    platform: 'neutral',
    mainFields: ['module', 'main'],
    format: 'iife',
    globalName: 'receiver',
    minify: true,
    metafile: true,
    write: false,
  });
  const foreign = Object.keys(metafile.inputs).filter((path) => path.startsWith('node_modules/'));
  const packages = new Set(
    foreign.map((path) =>
      path
        .split('/')
        .slice(1, path.startsWith('node_modules/@') ? 3 : 2)
        .join('/'),
    ),
  );
  expect([...packages].sort()).toEqual(['@stablelib/base64', 'fast-sha256', 'standardwebhooks']);
  const { text } = outputFiles[0]!;
  expect(text.length).toBeLessThan(40_000);

  const events: unknown[] = [];
  const log: unknown[] = [];
  const accounts = { reducto: { provider: 'reducto', secrets: SECRET, directToken: TOKEN } };
  const deliver = async (event: unknown): Promise<void> => void events.push(event);
  const context = createContext({
    ...WEB,
    options: { accounts, deliver, log: (entry: unknown) => void log.push(entry) },
  });
  // Made at the top of a module, where the edge allows neither timers nor random numbers.
  const handle = runInContext(`${text}; receiver.createWebhookHandler(options)`, context) as (
    request: Request,
  ) => Promise<Response>;
  const requests = [
    signed(),
    post(`/webhooks/reducto/${TOKEN}`, COMPLETED),
    signed(COMPLETED, { at: 1 }),
    post('/webhooks/reducto', '{}'),
  ];
  expect(await Promise.all(requests.map(async (request) => (await handle(request)).status))).toEqual([
    204, 204, 401, 401,
  ]);
  expect(events).toHaveLength(2);
});
