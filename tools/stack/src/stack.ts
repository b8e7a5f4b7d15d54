// The whole arena on one machine, out of real parts: the servers come up while the code is built, then roles, tables,
// services, and last the public origin answers. Everything stops in the reverse order.
import { join } from 'node:path';
import type { Deployment } from '@arena/chain';
import { services, serviceNames, type ServiceName } from '@arena/contracts';
import { bootstrap } from '@arena/db';
import { assertDisk, assertFree, type Server } from '@arena/servers';
import { demoWallets, type DemoWallet } from './core/wallets.js';
import { grants } from './core/grants.js';
import { roleUrl, serviceEnv, type Ground } from './core/service-env.js';
import { together } from './core/together.js';
import { startGateway, type Gateway } from './gateway/gateway.js';
import { build } from './parts/build.js';
import { ensureDeployment } from './parts/deployment.js';
import { makeFolder, programOf, repository, stateFolder, turnLogs } from './parts/folder.js';
import { startServers, type External } from './parts/ground.js';
import { takeLock } from './parts/lock.js';
import { rememberedPorts } from './parts/remembered-ports.js';
import { openSecrets } from './parts/secrets.js';
import { migrateService, startService, type Service, type ServiceOptions } from './parts/service.js';

export interface StackOptions {
  /** Where the stack keeps its data, logs and secrets. */
  folder: string;
  /** Of the public origin. */
  port: number;
  only?: readonly ServiceName[];
  external?: External;
  /** Not needed where the caller has built already. */
  build?: boolean;
  /** Added to every service's environment. */
  env?: Record<string, string>;
  /** Told what happens, a line at a time. */
  report?: (line: string) => void;
}

export interface Stack {
  readonly origin: string;
  readonly postgres: { adminUrl: string; roleUrl(service: ServiceName, role: 'owner' | 'app'): string };
  readonly redis: { url: string };
  readonly s3: { endpoint: string; region: string; accessKey: string; secretKey: string; kind: string };
  readonly chain: { url: string; chainId: number; deployment: Deployment; deploymentFile: string };
  readonly services: readonly Service[];
  readonly wallets: readonly DemoWallet[];
  readonly logs: string;
  stop(): Promise<void>;
}

type Plan = Omit<ServiceOptions, 'report' | 'program'>;

const ROOM = 2 ** 30;

export async function startStack(options: StackOptions): Promise<Stack> {
  const { report = () => undefined, external = {}, only = serviceNames } = options;
  const folder = stateFolder(options.folder);
  makeFolder(folder);
  const unlock = takeLock(folder.lock);
  const running = new Map<ServiceName, Service>();
  const servers: Server[] = [];
  let gateway: Gateway | undefined;
  // Also after a failure half-way: then it stops as much as there is.
  const stopAll = async () => {
    await gateway?.close();
    await Promise.all([...running.values()].map(service => service.stop()));
    await Promise.all(servers.map(server => server.stop()));
    unlock();
  };
  let stopped: Promise<void> | undefined;
  const stop = () => (stopped ??= stopAll());

  try {
    turnLogs(folder);
    await assertDisk(folder.path, ROOM);
    await assertFree(options.port, 'the public origin', 'choose another with --port or ARENA_PORT');
    const secret = openSecrets(folder.secret);
    const portOf = rememberedPorts(folder.ports);
    gateway = await startGateway({
      port: options.port,
      openApiFile: join(repository, 'docs', 'openapi.json'),
      targetOf: name => {
        const service = running.get(name);
        return service && { host: '127.0.0.1', port: service.ports.http };
      },
    });

    report('starting PostgreSQL, Redis, S3 and the chain, and building');
    const building = options.build === false ? undefined : build(folder.log('build'));
    const starting = startServers({ folder, external, secret, portOf, onStarted: server => servers.push(server) });
    const deploying = starting.then(({ chain }) =>
      ensureDeployment({
        own: join(folder.data('chain'), 'deployment.json'),
        chain,
        file: external.deploymentFile,
        report,
      }),
    );
    const [{ database, redis, s3, chain }, deployed] = await together([starting, deploying, building]);

    report('creating roles and tables');
    const password = (role: string) => secret(`postgres.${role}`);
    const roles = Object.values(services).flatMap(({ schema }) =>
      schema ? [{ schema, ownerPassword: password(`${schema}_owner`), appPassword: password(`${schema}_app`) }] : [],
    );
    await bootstrap({ adminUrl: database.adminUrl, services: roles });

    const wallets = demoWallets();
    const ground: Ground = {
      database: { url: database.adminUrl, password },
      redis,
      s3: { endpoint: s3.url, region: s3.region, keyOf: name => (grants[name] ? s3.keyOf(name) : undefined) },
      chain,
      deployment: deployed,
      origin: `http://127.0.0.1:${gateway.port}`,
      adminWallets: wallets.filter(({ role }) => role === 'admin').map(({ address }) => address),
    };
    const plans: Plan[] = [];
    for (const name of only) {
      const ports = { http: await portOf(`${name}.http`), metrics: await portOf(`${name}.metrics`) };
      const env = { PATH: process.env['PATH'] ?? '', ...serviceEnv(name, ground, ports), ...options.env };
      plans.push({ name, ports, env, log: folder.log(name) });
    }
    const migrating = plans.filter(({ name }) => services[name].schema);
    await together(migrating.map(plan => migrateService({ ...plan, program: programOf(plan.name, 'migrate') })));

    report('starting the services');
    const starts = plans.map(async plan => {
      const service = await startService({ ...plan, program: programOf(plan.name, 'main'), report });
      running.set(plan.name, service);
    });
    await together(starts);

    return {
      origin: ground.origin,
      postgres: {
        adminUrl: database.adminUrl,
        roleUrl: (service, role) => roleUrl(ground.database, `${services[service].schema}_${role}`),
      },
      redis: { url: redis.url },
      s3: { endpoint: s3.url, region: s3.region, ...s3.admin, kind: s3.kind },
      chain: {
        ...{ url: chain.url, chainId: chain.chainId },
        ...{ deployment: deployed.deployment, deploymentFile: deployed.file },
      },
      services: [...running.values()],
      wallets,
      logs: folder.logs,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
