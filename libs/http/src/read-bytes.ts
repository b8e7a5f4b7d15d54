import type { IncomingMessage } from 'node:http';
import { DomainError } from '@arena/problem';

/** A body whole, copied once into memory of its own; what is allotted for it and never filled costs nothing. */
export async function readBytes(body: IncomingMessage, limit: number): Promise<Uint8Array> {
  const announced = body.headers['content-length'];
  const room = announced === undefined ? limit : Number(announced);
  if (room > limit) throw tooLarge(limit);
  const bytes = Buffer.allocUnsafeSlow(room);
  let filled = 0;
  try {
    // The line stays up: whoever is refused must be able to read why.
    for await (const chunk of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      if (filled + chunk.length > room) throw tooLarge(limit);
      filled += chunk.copy(bytes, filled);
    }
  } catch (error) {
    throw error instanceof DomainError ? error : new DomainError('request/malformed', { cause: error });
  }
  return bytes.subarray(0, filled);
}

const tooLarge = (limit: number) => new DomainError('request/too-large', { detail: `At most ${limit} bytes.` });
