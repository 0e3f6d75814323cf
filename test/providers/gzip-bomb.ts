import type { ServerResponse } from 'node:http';
import { constants, deflateRawSync } from 'node:zlib';
import type { Answer } from './vendor-server.js';

const MB = 1024 * 1024;

/**
 * Ten gigabytes of zeros in ten megabytes: one compressed megabyte, as often as the reader takes it.
 * @param onEnd is told how often that was.
 */
export function gzipBomb(onEnd: (written: number) => void): Answer {
  const head = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
  const block = deflateRawSync(Buffer.alloc(MB), { finishFlush: constants.Z_FULL_FLUSH });
  const write = (response: ServerResponse): void => {
    let blocks = 0;
    const more = (): void => {
      while (blocks < 10 * 1024 && !response.destroyed) {
        blocks += 1;
        if (!response.write(block)) return void response.once('drain', more);
      }
      response.end();
    };
    response.on('close', () => onEnd(blocks));
    response.writeHead(200, { 'content-encoding': 'gzip', 'content-type': 'application/json' }).write(head);
    more();
  };
  return { byHand: (_request, response) => write(response) };
}
