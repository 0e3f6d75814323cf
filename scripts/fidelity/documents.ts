import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makePdf, makeTextPdf } from '../../test/support/pdf.js';

const LARGE_PAGES = 70;

/** The documents that the checks send. */
export interface Documents extends AsyncDisposable {
  /** Path of one page that states a total. */
  onePage: string;
  /** The same, as a service on this machine can fetch it. */
  url: string;
  /** Path of as many pages as make Pulse's results large. */
  large: string;
}

export async function makeDocuments(): Promise<Documents> {
  const folder = await mkdtemp(join(tmpdir(), 'fidelity-'));
  const onePage = join(folder, 'one.pdf');
  const large = join(folder, 'large.pdf');
  await writeFile(onePage, await makePdf((doc) => doc.text('Invoice').text('Total: 12.50')));
  await writeFile(large, await makeTextPdf({ pages: LARGE_PAGES }));
  const server = createServer((_request, response) => void readFile(onePage).then((bytes) => response.end(bytes)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    onePage,
    large,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/one.pdf`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true });
    },
  };
}
