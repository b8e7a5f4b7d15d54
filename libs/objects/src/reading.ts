import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { ObjectsError, toObjectsError } from './errors.js';
import type { Requests } from './requests.js';
import { mostAttempts, pause } from './retry.js';

/** Both ends are included. */
export interface Range {
  readonly start: number;
  readonly end?: number;
}

/**
 * The bytes of an object. A connection that breaks on the way is taken up at the byte where it broke, of
 * the same version, so a reader sees the whole or an error, never a shorter object.
 */
export async function openRead(requests: Requests, bucket: string, key: string, range?: Range): Promise<Readable> {
  const operation = `read ${bucket}/${key}`;
  const open = async (start: number | undefined, headers: Record<string, string> = {}) => {
    const wanted = start === undefined ? headers : { ...headers, range: `bytes=${start}-${range?.end ?? ''}` };
    const answer = await requests.open({ operation, method: 'GET', bucket, key, headers: wanted, expect: [200, 206] });
    if (start !== undefined && answer.statusCode !== 206) {
      answer.destroy();
      throw new ObjectsError('invalid', operation, 'RangeIgnored');
    }
    return answer;
  };

  let current: IncomingMessage = await open(range?.start);
  let closed = false;
  const { etag = '' } = current.headers;
  const first = range?.start ?? 0;
  const size = Number(current.headers['content-length']);

  async function* bytes(): AsyncGenerator<Buffer> {
    let done = 0;
    for (let failures = 0; ;) {
      try {
        for await (const chunk of current) {
          done += (chunk as Buffer).length;
          failures = 0;
          yield chunk as Buffer;
        }
        return;
      } catch (error) {
        if (closed || done === size) return;
        failures += 1;
        if (failures >= mostAttempts) throw toObjectsError(error, operation);
      }
      await pause(failures);
      current = await open(first + done, { 'if-match': etag });
    }
  }

  return Readable.from(bytes(), { objectMode: false }).once('close', () => {
    closed = true;
    current.destroy();
  });
}
