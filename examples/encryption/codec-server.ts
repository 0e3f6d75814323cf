import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';

const { Payloads } = proto.temporal.api.common.v1;

export interface CodecServerOptions {
  codec: PayloadCodec;
  /** Origin of Temporal's UI, such as `https://temporal.example.com`: no other page may ask. */
  uiOrigin: string;
  /** Whether this request may see what is decrypted. The UI sends its user's token on, if told to. */
  mayDecode: (request: IncomingMessage) => boolean | Promise<boolean>;
}

const MAX_BODY_BYTES = 8 * 1024 * 1024;

/** `POST /decode`, as Temporal's UI and CLI ask for it; they show what it answers. `listen()` it behind TLS. */
export function createCodecServer({ codec, uiOrigin, mayDecode }: CodecServerOptions): Server {
  return createServer((request, response) => {
    response.setHeader('access-control-allow-origin', uiOrigin);
    response.setHeader('access-control-allow-headers', 'content-type,x-namespace,authorization');
    const answer = async (): Promise<[status: number, body?: string]> => {
      if (request.method === 'OPTIONS') return [204];
      if (request.method !== 'POST' || request.url !== '/decode') return [404];
      if (!(await mayDecode(request))) return [403];
      const { payloads } = Payloads.fromObject(JSON.parse(await bodyOf(request)) as object);
      return [200, JSON.stringify(Payloads.fromObject({ payloads: await codec.decode(payloads) }).toJSON())];
    };
    answer().then(
      ([status, body]) => response.writeHead(status, { 'content-type': 'application/json' }).end(body),
      // Nothing of what was sent or decrypted belongs in an error.
      () => response.writeHead(400).end(),
    );
  });
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size > MAX_BODY_BYTES) throw new Error('too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
