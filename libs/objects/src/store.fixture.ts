/** A store of our own for each test file, which fails as a test tells it to. The spec hands it in: a lib imports no tool. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openObjects, type ArrivedPart, type Objects } from './index.js';

export const region = 'us-east-1';
export const app = { accessKey: 'app', secretKey: 'app-secret' };
export const readOnly = { accessKey: 'reader', secretKey: 'reader-secret' };
export const mib = 1024 * 1024;

interface StoreOptions<Fault> {
  readonly folder: string;
  readonly keys: { accessKey: string; secretKey: string; grants: '*' | Record<string, 'read' | 'write'> }[];
  readonly pageSize: number;
  readonly faults: (request: { operation: string }) => Fault | undefined;
}

type StartStore<Fault> = (options: StoreOptions<Fault>) => Promise<{ url: string; close(): Promise<void> }>;

export interface Fixture<Fault> {
  readonly url: string;
  readonly objects: Objects;
  /** What the store does wrong. */
  fault: (request: { operation: string }) => Fault | undefined;
  /** Goes wrong that often, then right. */
  times(count: number, operation: string, wrong: Fault): void;
  /** Begins an upload to the bucket `models` and sends it these parts. */
  arrived(key: string, bodies: readonly Buffer[]): Promise<{ id: string; parts: ArrivedPart[] }>;
  close(): Promise<void>;
}

export const upload = (url: string, body: Buffer) => fetch(url, { method: 'PUT', body: new Uint8Array(body) });

export async function openFixture<Fault>(start: StartStore<Fault>): Promise<Fixture<Fault>> {
  const folder = await mkdtemp(join(tmpdir(), 'arena-objects-'));
  const keys = [
    { ...app, grants: '*' as const },
    { ...readOnly, grants: { models: 'read' as const } },
  ];
  // Small pages, so that a listing of a few takes several.
  const server = await start({ folder, keys, pageSize: 5, faults: request => fixture.fault(request) });
  const objects = openObjects({ endpoint: server.url, region, ...app });
  const fixture: Fixture<Fault> = {
    url: server.url,
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
