/** A store of our own for each test file, which fails as a test tells it to. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startS3, type Fault, type FaultRequest, type S3Server } from '@arena/s3';
import { openObjects, type ArrivedPart, type Objects } from './index.js';

export const region = 'us-east-1';
export const app = { accessKey: 'app', secretKey: 'app-secret' };
export const readOnly = { accessKey: 'reader', secretKey: 'reader-secret' };
export const mib = 1024 * 1024;

export interface Fixture {
  readonly server: S3Server;
  readonly objects: Objects;
  /** What the store does wrong. */
  fault: (request: FaultRequest) => Fault | undefined;
  /** Goes wrong that often, then right. */
  times(count: number, operation: string, wrong: Fault): void;
  /** Begins an upload to the bucket `models` and sends it these parts. */
  arrived(key: string, bodies: readonly Buffer[]): Promise<{ id: string; parts: ArrivedPart[] }>;
  close(): Promise<void>;
}

export const upload = (url: string, body: Buffer) => fetch(url, { method: 'PUT', body: new Uint8Array(body) });

export async function openFixture(): Promise<Fixture> {
  const folder = await mkdtemp(join(tmpdir(), 'arena-objects-'));
  const keys = [
    { ...app, grants: '*' as const },
    { ...readOnly, grants: { models: 'read' as const } },
  ];
  // Small pages, so that a listing of a few takes several.
  const server = await startS3({ folder, keys, pageSize: 5, faults: request => fixture.fault(request) });
  const objects = openObjects({ endpoint: server.url, region, ...app });
  const fixture: Fixture = {
    server,
    objects,
    fault: () => undefined,
    times: (count, operation, wrong) => {
      let left = count;
      fixture.fault = request => (request.operation === operation && left-- > 0 ? wrong : undefined);
    },
    arrived: async (key, bodies) => {
      const id = await objects.createUpload('models', key, { contentType: 'application/x-model' });
      for (const [at, body] of bodies.entries()) {
        const answer = await upload(await objects.presignPart('models', key, id, at + 1, { expiresSeconds: 60 }), body);
        if (!answer.ok) throw new Error(`the part was refused with ${answer.status}`);
      }
      return { id, parts: await objects.listParts('models', key, id) };
    },
    close: async () => {
      await server.close();
      await rm(folder, { recursive: true });
    },
  };
  await objects.ensureBucket('models');
  return fixture;
}
