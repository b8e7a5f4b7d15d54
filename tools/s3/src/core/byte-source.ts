import { S3Error } from './errors.js';

const longestLine = 8192;

/** Lines and runs of bytes out of a stream of buffers, without holding more than one of them. */
export class ByteSource {
  private readonly buffers: AsyncIterator<Buffer>;
  private current: Buffer = Buffer.alloc(0);

  constructor(body: AsyncIterable<Buffer>) {
    this.buffers = body[Symbol.asyncIterator]();
  }

  async ended(): Promise<boolean> {
    while (this.current.length === 0) {
      const next = await this.buffers.next();
      if (next.done) return true;
      this.current = next.value;
    }
    return false;
  }

  private async fill(): Promise<void> {
    if (await this.ended()) throw new S3Error('IncompleteBody', 'The body ended before it was complete.');
  }

  /** Up to `most` bytes, at least one. */
  async some(most: number): Promise<Buffer> {
    await this.fill();
    const taken = this.current.subarray(0, most);
    this.current = this.current.subarray(taken.length);
    return taken;
  }

  /** Up to the next line feed, without it and a carriage return before it. */
  async line(): Promise<string> {
    let text = '';
    for (;;) {
      await this.fill();
      const end = this.current.indexOf(10);
      text += this.current.toString('latin1', 0, end < 0 ? this.current.length : end);
      this.current = this.current.subarray(end < 0 ? this.current.length : end + 1);
      if (text.length > longestLine) throw new S3Error('InvalidRequest', 'A line of the aws-chunked body is too long');
      if (end >= 0) return text.endsWith('\r') ? text.slice(0, -1) : text;
    }
  }
}
