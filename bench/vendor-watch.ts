import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface VendorWatch extends AsyncDisposable {
  url: string;
  /** When a submit's reply was handed on, by the job that it names; ms since the epoch. */
  accepted: Map<string, number>;
  /** When the vendor was first asked to cancel a job. */
  cancels: Map<string, number>;
}

const CANCELS = [
  { method: 'POST', path: /^\/reducto\/cancel\/([^/]+)$/ },
  { method: 'DELETE', path: /^\/pulse\/job\/([^/]+)$/ },
];

/** Passes every call on to the sandbox and notes when jobs are accepted and cancelled. @param delayMs before a POST is passed on. */
export async function watchVendor(sandboxUrl: string, delayMs: () => number): Promise<VendorWatch> {
  const accepted = new Map<string, number>();
  const cancels = new Map<string, number>();
  const server: Server = createServer((incoming, outgoing) => {
    const { method = 'GET', url = '/' } = incoming;
    for (const cancel of CANCELS) {
      const jobId = cancel.method === method ? cancel.path.exec(url)?.[1] : undefined;
      if (jobId !== undefined && !cancels.has(jobId)) cancels.set(jobId, Date.now());
    }
    const isSubmit = method === 'POST' && !url.includes('/cancel/') && !url.endsWith('/upload');
    setTimeout(() => passOn(incoming, outgoing, sandboxUrl, isSubmit ? accepted : null), isSubmit ? delayMs() : 0);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    accepted,
    cancels,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  };
}

function passOn(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  sandboxUrl: string,
  accepted: Map<string, number> | null,
): void {
  const options = { method: incoming.method, headers: incoming.headers };
  const upstream = request(new URL(incoming.url ?? '/', sandboxUrl), options, (reply) => {
    outgoing.writeHead(reply.statusCode ?? 502, reply.headers);
    let text = '';
    reply.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      outgoing.write(chunk);
    });
    reply.on('end', () => {
      const jobId = accepted === null ? undefined : /"job_id":\s*"([^"]+)"/.exec(text)?.[1];
      if (jobId !== undefined) accepted?.set(jobId, Date.now());
      outgoing.end();
    });
  });
  upstream.on('error', () => outgoing.destroy());
  incoming.pipe(upstream);
}
