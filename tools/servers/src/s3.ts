import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startChild, untilReady, type ChildOptions } from './child.js';
import { createBuckets, s3Answers, type S3Credentials } from './buckets.js';
import { assertDisk } from './disk.js';
import { findProgram } from './find-program.js';
import { onPort } from './on-port.js';
import { ownS3, type S3Key } from './own-s3.js';
import { ServerError } from './server-error.js';
import { foreign, ownOf, type Server } from './server.js';

export interface S3Options {
  /** A server that runs already, and a key for it that may make buckets. */
  external?: { endpoint: string; region: string; accessKey: string; secretKey: string } | undefined;
  folder: string;
  log: string;
  port?: number | undefined;
  /** May do everything. */
  admin: S3Credentials;
  /** Keys that may do less, by who holds them. */
  keys?: Readonly<Record<string, S3Key>>;
  buckets: readonly string[];
  minFreeBytes?: number;
}

export interface S3Server extends Server {
  readonly region: string;
  readonly admin: S3Credentials;
  /** The key of this holder: their own, where the server can tell keys apart, else the administrator's. */
  keyOf(holder: string): S3Credentials;
  /** What kind of server it is, in a word. */
  readonly kind: 'external' | 'minio' | 'development';
}

const REGION = 'us-east-1';

/** MinIO gives out lesser keys through a program of its own only: here every holder gets the administrator's. */
const minio = (program: string, options: S3Options, port: number): ChildOptions => ({
  name: 'MinIO',
  command: program,
  args: ['server', options.folder, '--address', `127.0.0.1:${port}`, '--quiet'],
  env: {
    PATH: process.env['PATH'],
    HOME: options.folder,
    MINIO_ROOT_USER: options.admin.accessKey,
    MINIO_ROOT_PASSWORD: options.admin.secretKey,
    MINIO_BROWSER: 'off',
  },
  log: options.log,
});

async function useExternal(given: NonNullable<S3Options['external']>, buckets: readonly string[]): Promise<S3Server> {
  const { endpoint, region, ...admin } = given;
  try {
    await createBuckets(given, buckets);
  } catch (error) {
    const why = (error as Error).message || (error as { code?: string }).code;
    throw new ServerError(`S3_ENDPOINT is set, and its buckets cannot be had (${why}): check S3_ENDPOINT and its keys`);
  }
  return { ...foreign(endpoint), region, admin, keyOf: () => admin, kind: 'external' };
}

export async function startS3(options: S3Options): Promise<S3Server> {
  if (options.external) return useExternal(options.external, options.buckets);
  await mkdir(options.folder, { recursive: true, mode: 0o700 });
  await assertDisk(options.folder, options.minFreeBytes ?? 2 ** 28);
  const program = await findProgram(['minio']);
  const folder = join(options.folder, program ? 'minio' : 'objects');
  await mkdir(folder, { recursive: true });
  const keys = options.keys ?? {};
  return onPort({ port: options.port, who: 'the S3 server', remedy: 'stop what uses it' }, async port => {
    const here = { ...options, folder };
    const child = await startChild(
      program ? minio(program, here, port) : ownS3({ ...here, keys, port, region: REGION }),
    );
    const endpoint = `http://127.0.0.1:${port}`;
    const address = { endpoint, region: REGION, ...options.admin };
    await untilReady(child, () => s3Answers(address), 30_000);
    await createBuckets(address, options.buckets);
    return {
      ...ownOf(endpoint, child),
      region: REGION,
      admin: options.admin,
      keyOf: holder => (program ? undefined : keys[holder]) ?? options.admin,
      kind: program ? 'minio' : 'development',
    };
  });
}
