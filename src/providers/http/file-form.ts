import { randomBytes } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { DocumentFile } from '../provider.js';

const CHUNK = 256 * 1024;
const CRLF = '\r\n';

/**
 * A form whose field `file` is streamed from disk. Not a `FormData` with a blob: where a vendor does not take the document to its end, that
 * keeps the file open until memory happens to be cleaned up.
 */
export class FileForm {
  readonly headers: Record<string, string>;
  /** For one request. */
  readonly stream: Readable;

  private constructor(
    private readonly handle: FileHandle,
    { head, tail, size }: Parts,
    boundary: string,
  ) {
    this.headers = {
      'content-type': `multipart/form-data; boundary=${boundary}`,
      'content-length': String(head.length + size + tail.length),
    };
    this.stream = Readable.from(bytesOf(handle, { head, tail, size }), { objectMode: false });
    // Whoever reads it is told; no error of a file that nobody reads may end the process.
    this.stream.on('error', () => undefined);
  }

  /**
   * @param fields stand behind the file.
   * @throws the system's error when the file can't be opened.
   */
  static async open(file: DocumentFile, fields: Record<string, string> = {}): Promise<FileForm> {
    const handle = await open(file.path);
    try {
      const { size } = await handle.stat();
      const boundary = `form-${randomBytes(18).toString('hex')}`;
      const disposition = `form-data; name="file"; filename="${escaped(file.filename)}"`;
      const type = `Content-Type: ${file.contentType}`;
      const head = [`--${boundary}`, `Content-Disposition: ${disposition}`, type, '', ''].join(CRLF);
      const others = Object.entries(fields).map(([name, value]) =>
        [
          `--${boundary}`,
          `Content-Disposition: form-data; name="${escaped(name)}"`,
          '',
          value.replace(/\r\n?|\n/g, CRLF),
        ].join(CRLF),
      );
      const tail = ['', ...others, `--${boundary}--`, ''].join(CRLF);
      return new FileForm(handle, { head: Buffer.from(head), tail: Buffer.from(tail), size }, boundary);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** To be called whatever becomes of the request. Never throws, nor waits for the disk: a reply that has come may be all that names a paid job. */
  close(): void {
    this.stream.destroy();
    void this.handle.close().catch(() => undefined);
  }
}

interface Parts {
  head: Buffer;
  tail: Buffer;
  /** Of the file, when it was opened. */
  size: number;
}

async function* bytesOf(handle: FileHandle, { head, tail, size }: Parts): AsyncGenerator<Buffer, void> {
  yield head;
  for (let at = 0; at < size;) {
    const length = Math.min(CHUNK, size - at);
    const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(length), 0, length, at);
    if (bytesRead === 0) throw new Error('the file has become shorter');
    yield buffer.subarray(0, bytesRead);
    at += bytesRead;
  }
  yield tail;
}

/** As browsers write names in forms. */
const escaped = (name: string): string => name.replace(/\r/g, '%0D').replace(/\n/g, '%0A').replace(/"/g, '%22');
