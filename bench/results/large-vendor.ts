// A vendor whose jobs are done at once, in a process of its own: `/large` parses lie behind a URL and have the size that is asked for, all else is small.
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const MB = 1024 * 1024;

/** One chunk of a parse, much like a page of text with its blocks. */
function chunkOf(page: number): string {
  const text = `Page ${page}: “the quick brown fox” jumps\\over the lazy dog.\n`.repeat(24);
  const block = (line: number) => ({
    type: line === 0 ? 'Title' : 'Text',
    bbox: { left: 0.118, top: 0.05 * line, width: 0.7614, height: 0.0412, page, original_page: page },
    content: text.slice(0, 180),
    image_url: null,
    chart_data: null,
    confidence: 'high',
    granular_confidence: { extract_confidence: null, parse_confidence: 0.946 },
  });
  const blocks = Array.from({ length: 6 }, (_, line) => block(line));
  return JSON.stringify({ content: text, embed: text, enriched: null, enrichment_success: false, blocks });
}

/** `{"type":"full","chunks":[…]}` of some `bytes`, written as fast as it is read. */
async function writeParse(response: ServerResponse, bytes: number): Promise<void> {
  // Some pages written together again and again: making each anew would slow the vendor down below what is measured.
  const pages = Array.from({ length: 200 }, (_, index) => chunkOf(index + 1)).join(',');
  const piece = Buffer.from(`${pages},`);
  response.writeHead(200, { 'content-type': 'application/json' });
  response.write('{"type":"full","chunks":[');
  for (let written = piece.length; written < bytes; written += piece.length) {
    if (!response.write(piece)) await new Promise((resolve) => response.once('drain', resolve));
  }
  response.end(`${pages}],"ocr":null,"custom":null}`);
}

const extract = (bytes: number) => ({
  response_type: 'extract',
  usage: { num_pages: 1, num_fields: 1, credits: 1 },
  result: [{ lines: Array.from({ length: Math.ceil(bytes / 100) }, (_, at) => `${at}: ${'lorem ipsum '.repeat(8)}`) }],
});

const parse = (url: string) => ({
  response_type: 'parse',
  usage: { num_pages: 1, credits: 1 },
  pdf_url: null,
  result: { type: 'url', url, result_id: 'r' },
});

const server = createServer((request, response) => {
  const { pathname, port } = { pathname: request.url ?? '/', port: (server.address() as AddressInfo).port };
  const size = Number(/(\d+)/.exec(pathname)?.[1] ?? 0);
  if (pathname.startsWith('/storage/')) return void writeParse(response, size * MB);
  const body = pathname.includes('parse') ? parse(`http://127.0.0.1:${port}/storage/${size}`) : extract(size);
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ status: 'Completed', result: body }));
});
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.on('disconnect', () => process.exit());
