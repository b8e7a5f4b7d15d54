// A whole arena for a test: real servers, the built services as processes, and wallets to call them with.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { libraryMigrations } from '@arena/service';
import { stakeMigrations } from '@arena/stakes';
import { spawnService, testArenaChain, testBuckets, testChain, testDatabase, testRedis, type SpawnedService } from '@arena/testing'; // prettier-ignore
import { HDNodeWallet, Mnemonic } from 'ethers';

const folderOf = (path: string) => ({ directory: fileURLToPath(new URL(`../../../apps/${path}`, import.meta.url)) });
const migrationsOf = (app: string) => [...libraryMigrations, stakeMigrations, folderOf(`${app}/prisma/migrations`)];
const indexerMigrations = [...libraryMigrations, folderOf('chain-indexer/migrations')];

/** Blocks on top of one that can not be undone any more; a test mines them itself. */
export const FINALITY = 3;

export interface ArenaOptions {
  /** Added to the environment of task-service. */
  env?: Record<string, string>;
  /** With the arena's contracts, which chain-indexer needs. */
  contracts?: boolean;
}

export type Arena = Awaited<ReturnType<typeof startArena>>;

const ORIGIN = 'http://arena.test';

export async function startArena({ env = {}, contracts = false }: ArenaOptions = {}) {
  const [database, redis, s3, quarantine, blind, deployed, bare] = await Promise.all([
    testDatabase({
      service: 'task-service',
      migrations: migrationsOf('task-service'),
      also: [
        { service: 'submission-service', migrations: migrationsOf('submission-service') },
        { service: 'chain-indexer', migrations: indexerMigrations },
      ],
    }),
    testRedis(),
    testBuckets(),
    testBuckets(),
    testBuckets(),
    contracts ? testArenaChain() : undefined,
    contracts ? undefined : testChain(),
  ]);
  const chain = deployed ?? bare;
  if (!chain) throw new Error('there is no chain');
  const folder = await mkdtemp(join(tmpdir(), 'arena-e2e-'));
  const deploymentFile = join(folder, 'deployment.json');
  if (deployed) await writeFile(deploymentFile, JSON.stringify(deployed.deployment));
  const wallet = (index: number) =>
    HDNodeWallet.fromMnemonic(Mnemonic.fromPhrase(chain.mnemonic), `m/44'/60'/0'/0/${index}`);

  const shared = {
    REDIS_URL: redis.url,
    QUEUE_PREFIX: redis.prefix,
    SHUTDOWN_DRAIN_SECONDS: '0',
    RATE_LIMIT_FACTOR: '1000',
  };
  const store = {
    S3_ENDPOINT: s3.endpoint,
    S3_ACCESS_KEY: s3.accessKey,
    S3_SECRET_KEY: s3.secretKey,
    DATASETS_BUCKET: s3.bucket,
  };
  const environments = {
    'task-service': {
      ...shared,
      DATABASE_URL: database.appUrl,
      PUBLIC_ORIGIN: ORIGIN,
      CHAIN_ID: String(chain.chainId),
      RPC_URL: chain.url,
      ADMIN_WALLETS: wallet(0).address,
      ...store,
      AUDIT_BUCKET: s3.bucket,
      ...env,
    },
    'submission-service': {
      ...shared,
      DATABASE_URL: database.roleUrl('submission-service', 'app'),
      ...store,
      QUARANTINE_BUCKET: quarantine.bucket,
      BLIND_BUCKET: blind.bucket,
      INTAKE_FOLDER: join(folder, 'intake'),
    },
    'chain-indexer': {
      ...shared,
      DATABASE_URL: database.roleUrl('chain-indexer', 'app'),
      RPC_URL: chain.url,
      CHAIN_ID: String(chain.chainId),
      DEPLOYMENT_FILE: deploymentFile,
      FINALITY: String(FINALITY),
    },
  };
  type AppName = keyof typeof environments;
  const running = new Map<AppName, SpawnedService>();

  return {
    database,
    redis,
    s3,
    /** In which models lie, as they were uploaded and as validators get them. */
    buckets: { quarantine: quarantine.bucket, blind: blind.bucket },
    chain,
    /** The chain with its contracts and their actors. */
    get contracts() {
      if (!deployed) throw new Error('this arena was started without contracts');
      return deployed;
    },
    origin: ORIGIN,
    wallet,
    async start(app: AppName, extra: Record<string, string> = {}): Promise<SpawnedService> {
      const service = await spawnService({ app, env: { ...environments[app], ...extra } });
      running.set(app, service);
      return service;
    },
    running(app: AppName): SpawnedService {
      const service = running.get(app);
      if (!service) throw new Error(`${app} was not started`);
      return service;
    },
    async stop(): Promise<void> {
      await Promise.all([...running.values()].map(service => service.stop()));
      await Promise.all([database.drop(), chain.stop(), rm(folder, { recursive: true, force: true })]);
    },
  };
}
