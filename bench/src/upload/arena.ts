// submission-service as it is built, with a task that takes models and a trainer who is staked on it.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hashToken, mintToken } from '@arena/auth';
import { TaskSpec } from '@arena/contracts';
import { bootstrap, migrate, uuidV7 } from '@arena/db';
import { createClient, type Client } from '@arena/sdk';
import { startS3, type S3Address, type S3Server } from '@arena/servers';
import { libraryMigrations } from '@arena/service';
import { stakeMigrations } from '@arena/stakes';
import { spawnService } from '@arena/testing';
import pg from 'pg';
import { spec } from '../api/spec.js';
import type { Servers } from '../servers.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const password = 'bench';
const account = `0x${'7'.repeat(40)}`;

export const task = 1;

export async function store(folder: string): Promise<S3Server> {
  const admin = { accessKey: 'bench', secretKey: 'bench-secret' };
  const buckets = ['quarantine', 'blind', 'datasets', 'raw'];
  return startS3({ folder: join(folder, 's3'), log: join(folder, 's3.log'), admin, buckets });
}

export async function arena(
  { postgresUrl, redisUrl }: Servers,
  s3: S3Address,
  folder: string,
): Promise<{ trainer: Client; stop(): Promise<void> }> {
  const as = (role: string) => Object.assign(new URL(postgresUrl), { username: role, password }).href;
  const roles = { schema: 'submissions', ownerPassword: password, appPassword: password };
  await bootstrap({ adminUrl: postgresUrl, services: [roles] });
  const own = { directory: join(root, 'apps/submission-service/prisma/migrations') };
  const sources = [...libraryMigrations, stakeMigrations, own];
  await migrate({ url: as('submissions_owner'), schema: 'submissions', sources });
  const credential = await openTask(as('submissions_app'));
  const service = await spawnService({
    app: 'submission-service',
    env: {
      DATABASE_URL: as('submissions_app'),
      REDIS_URL: redisUrl,
      LOG_LEVEL: 'warn',
      S3_ENDPOINT: s3.endpoint,
      S3_ACCESS_KEY: s3.accessKey,
      S3_SECRET_KEY: s3.secretKey,
      INTAKE_FOLDER: join(folder, 'intake'),
      SHUTDOWN_DRAIN_SECONDS: '0',
    },
  });
  return { trainer: createClient({ origin: service.url, credential }), stop: () => service.stop() };
}

/** What the other services would have told: a task, a stake, and a credential. */
async function openTask(url: string): Promise<string> {
  const token = mintToken();
  const open = TaskSpec.parse({ ...spec, submissions: { perDay: 10_000 } });
  const database = new pg.Client({ connectionString: url });
  await database.connect();
  await database.query(
    `insert into known_tasks (task, version, phase, paused, spec, spec_hash) values ($1, 1, 'submission', false, $2, '')`,
    [task, JSON.stringify(open)],
  );
  await database.query(
    `insert into known_stakes (program, task, role, account, version, total, block)
     values (0, $1, 'trainer', $2, 1, $3, 1)`,
    [task, account, open.stakes.trainerMinimum],
  );
  await database.query(
    `insert into auth_keys (id, version, kind, hash, account, scopes, expires_at)
     values ($1, 1, 'api', $2, $3, '{read,submit}', now() + interval '1 day')`,
    [uuidV7(), hashToken(token), account],
  );
  await database.end();
  return token;
}
