// A whole arena for a test: real servers, the built services as processes, and wallets to call them with.
import { fileURLToPath } from 'node:url';
import { libraryMigrations } from '@arena/service';
import { spawnService, testBuckets, testChain, testDatabase, testRedis, type SpawnedService } from '@arena/testing';
import { HDNodeWallet, Mnemonic } from 'ethers';

const migrationsOf = (app: string) => ({
  directory: fileURLToPath(new URL(`../../../apps/${app}/prisma/migrations`, import.meta.url)),
});

export interface ArenaOptions {
  /** Added to the environment of task-service. */
  env?: Record<string, string>;
}

export type Arena = Awaited<ReturnType<typeof startArena>>;

const ORIGIN = 'http://arena.test';

export async function startArena({ env = {} }: ArenaOptions = {}) {
  const [database, redis, s3, chain] = await Promise.all([
    testDatabase({
      service: 'task-service',
      migrations: [...libraryMigrations, migrationsOf('task-service')],
      also: [{ service: 'submission-service', migrations: [...libraryMigrations, migrationsOf('submission-service')] }],
    }),
    testRedis(),
    testBuckets(),
    testChain(),
  ]);
  const wallet = (index: number) =>
    HDNodeWallet.fromMnemonic(Mnemonic.fromPhrase(chain.mnemonic), `m/44'/60'/0'/0/${index}`);

  const shared = {
    REDIS_URL: redis.url,
    QUEUE_PREFIX: redis.prefix,
    SHUTDOWN_DRAIN_SECONDS: '0',
    RATE_LIMIT_FACTOR: '1000',
  };
  const environments = {
    'task-service': {
      ...shared,
      DATABASE_URL: database.appUrl,
      PUBLIC_ORIGIN: ORIGIN,
      CHAIN_ID: String(chain.chainId),
      RPC_URL: chain.url,
      ADMIN_WALLETS: wallet(0).address,
      S3_ENDPOINT: s3.endpoint,
      DATASETS_BUCKET: s3.bucket,
      AUDIT_BUCKET: s3.bucket,
      S3_ACCESS_KEY: s3.accessKey,
      S3_SECRET_KEY: s3.secretKey,
      ...env,
    },
    'submission-service': { ...shared, DATABASE_URL: database.roleUrl('submission-service', 'app') },
  };
  type AppName = keyof typeof environments;
  const running = new Map<AppName, SpawnedService>();

  return {
    database,
    redis,
    s3,
    chain,
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
      await Promise.all([database.drop(), chain.stop()]);
    },
  };
}
