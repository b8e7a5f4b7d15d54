import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { S3Credentials } from './buckets.js';
import type { ChildOptions } from './child.js';

export interface S3Key extends S3Credentials {
  /** `write` includes `read`. */
  grants: Readonly<Record<string, 'read' | 'write'>>;
}

export interface OwnS3Options {
  folder: string;
  log: string;
  port: number;
  region: string;
  admin: S3Credentials;
  keys: Readonly<Record<string, S3Key>>;
}

const require = createRequire(import.meta.url);

/** Our own little S3 server, from its source: the stack starts it while everything else is still being built. */
export function ownS3({ folder, log, port, region, admin, keys }: OwnS3Options): ChildOptions {
  const main = fileURLToPath(new URL('../../s3/src/main.ts', import.meta.url));
  const tsx = pathToFileURL(join(dirname(require.resolve('tsx/package.json')), 'dist', 'loader.mjs')).href;
  return {
    name: 'the S3 server',
    command: process.execPath,
    args: ['--import', tsx, '--conditions=@arena/source', main],
    env: {
      PATH: process.env['PATH'],
      S3_FOLDER: folder,
      HOST: '127.0.0.1',
      PORT: String(port),
      S3_REGION: region,
      S3_KEYS_JSON: JSON.stringify([{ ...admin, grants: '*' }, ...Object.values(keys)]),
    },
    log,
  };
}
