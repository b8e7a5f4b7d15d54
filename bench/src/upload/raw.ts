// What the same bytes cost without an arena: by the S3 client alone, and by nothing but PUTs.
import { open } from 'node:fs/promises';
import type { S3Address } from '@arena/servers';
import { openObjects } from '@arena/objects';
import { Client } from 'minio';

const bucket = 'raw';

/** The client's own multipart put of a file. */
export function clientPut({ endpoint, ...keys }: S3Address, partSize: number) {
  const { hostname, port } = new URL(endpoint);
  const client = new Client({ endPoint: hostname, port: Number(port), useSSL: false, partSize, ...keys });
  return async (path: string): Promise<number> => {
    const start = performance.now();
    await client.fPutObject(bucket, 'client', path);
    const seconds = (performance.now() - start) / 1_000;
    await client.removeObject(bucket, 'client');
    return seconds;
  };
}

/** Presigned PUTs of parts, so many at a time; nothing is hashed, and putting the parts together does not count. */
export function barePuts(s3: S3Address, partSize: number, concurrency: number) {
  const objects = openObjects(s3);
  return async (path: string): Promise<number> => {
    const file = await open(path);
    try {
      const { size } = await file.stat();
      const start = performance.now();
      const uploadId = await objects.createUpload(bucket, 'bare');
      let next = 1;
      const work = async () => {
        for (let number = next++; (number - 1) * partSize < size; number = next++) {
          const url = await objects.presignPart(bucket, 'bare', uploadId, number, { expiresSeconds: 900 });
          const bytes = new Uint8Array(Math.min(partSize, size - (number - 1) * partSize));
          await file.read(bytes, 0, bytes.length, (number - 1) * partSize);
          const answer = await fetch(url, { method: 'PUT', body: bytes });
          if (!answer.ok) throw new Error(`part ${number}: HTTP ${answer.status}`);
          await answer.arrayBuffer();
        }
      };
      await Promise.all(Array.from({ length: concurrency }, work));
      const seconds = (performance.now() - start) / 1_000;
      await objects.abortUpload(bucket, 'bare', uploadId);
      return seconds;
    } finally {
      await file.close();
    }
  };
}
