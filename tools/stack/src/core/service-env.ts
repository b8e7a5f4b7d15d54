import { services, type ServiceName } from '@arena/contracts';

/** Everything that runs under the services, by address. */
export interface Ground {
  database: { url: string; password(role: string): string };
  redis: { url: string };
  s3: {
    endpoint: string;
    region: string;
    keyOf(service: ServiceName): { accessKey: string; secretKey: string } | undefined;
  };
  chain: { url: string; chainId: number };
  deployment: { file: string; faucetKey: string | undefined };
  origin: string;
  adminWallets: readonly string[];
}

export interface Ports {
  http: number;
  metrics: number;
}

/** The address of the database as that role. */
export function roleUrl(database: Ground['database'], role: string): string {
  const address = new URL(database.url);
  address.username = role;
  address.password = database.password(role);
  return address.href;
}

/** The whole environment of one service: each knows its own credentials and nobody else's. */
export function serviceEnv(name: ServiceName, ground: Ground, ports: Ports): Record<string, string> {
  const { database, s3 } = ground;
  const { schema } = services[name];
  const { faucetKey } = ground.deployment;
  const key = s3.keyOf(name);
  return {
    HOST: '127.0.0.1',
    PORT: String(ports.http),
    METRICS_PORT: String(ports.metrics),
    PUBLIC_ORIGIN: ground.origin,
    REDIS_URL: ground.redis.url,
    QUEUE_PREFIX: 'arena',
    RPC_URL: ground.chain.url,
    CHAIN_ID: String(ground.chain.chainId),
    DEPLOYMENT_FILE: ground.deployment.file,
    ADMIN_WALLETS: ground.adminWallets.join(','),
    // No load balancer has to notice that we leave.
    SHUTDOWN_DRAIN_SECONDS: '0',
    SHUTDOWN_GRACE_SECONDS: '8',
    ...(schema && {
      DATABASE_URL: roleUrl(database, `${schema}_app`),
      MIGRATE_DATABASE_URL: roleUrl(database, `${schema}_owner`),
    }),
    ...(name === 'chain-indexer' && { PUBLIC_RPC_URL: ground.chain.url }),
    ...(name === 'rewards-service' && faucetKey && { FAUCET_KEY: faucetKey }),
    ...(key && {
      S3_ENDPOINT: s3.endpoint,
      S3_REGION: s3.region,
      S3_ACCESS_KEY: key.accessKey,
      S3_SECRET_KEY: key.secretKey,
    }),
  };
}
