import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chown, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { startChild, untilReady, type Child } from './child.js';
import { assertDisk } from './disk.js';
import { isAlive } from './is-alive.js';
import { leash } from './leash.js';
import { onPort } from './on-port.js';
import { postgresPrograms } from './postgres-programs.js';
import { ServerError } from './server-error.js';
import { foreign, ownOf, type Server } from './server.js';
import { ownedFolder, reachable, unprivileged, type User } from './unprivileged.js';

export interface PostgresOptions {
  /** The address of an administrator of a server that runs already: used as it is. */
  url?: string | undefined;
  folder: string;
  log: string;
  port?: number | undefined;
  password?: string;
  /** Survives a power cut; a throw-away server is several times as fast. */
  durable: boolean;
  minFreeBytes?: number;
}

const ADMIN = 'postgres';
const STOPPING_MS = 3_000;
const DURABLE = { shared_buffers: '128MB' };
const THROW_AWAY = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  shared_buffers: '32MB',
};
const COMMON = { max_connections: '300', unix_socket_directories: '', listen_addresses: '127.0.0.1' };
const env = { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' };

/** Can it be talked to? A wrong password never mends itself, so it is an error and not a "not yet". */
async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch (error) {
    if ((error as { code?: string }).code !== '28P01') return false;
    throw new ServerError(
      'PostgreSQL does not take the kept password: run "npm run reset", or restore the secrets file',
    );
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** All or nothing: a half-made cluster is never found under the final name. */
async function initialise(initdb: string, data: string, password: string, user: User | undefined): Promise<void> {
  const unfinished = `${data}.new`;
  const passwordFile = `${data}.password`;
  await rm(unfinished, { recursive: true, force: true });
  await ownedFolder(unfinished, user);
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (user) await chown(passwordFile, user.uid, user.gid);
  try {
    const args = ['-D', unfinished, '-U', ADMIN, '-A', 'scram-sha-256', `--pwfile=${passwordFile}`];
    await promisify(execFile)(initdb, [...args, '-E', 'UTF8', '--locale=C', '--no-sync', '--no-instructions'], {
      env,
      cwd: '/',
      ...user,
    });
  } catch (error) {
    const words = String((error as { stderr?: string }).stderr ?? error).trim();
    throw new ServerError(`PostgreSQL could not make its data folder ${data}: ${words.split('\n').pop()}`);
  } finally {
    await rm(passwordFile, { force: true });
  }
  await rename(unfinished, data);
}

async function isPostgres(pid: number): Promise<boolean> {
  if (!isAlive(pid)) return false;
  const command = await promisify(execFile)('ps', ['-o', 'command=', '-p', String(pid)]).catch(() => ({ stdout: '' }));
  return command.stdout.includes('postgres');
}

/** After a power cut the pid in the lock file may belong to anybody: PostgreSQL would refuse to start beside it. */
async function clearStaleLock(data: string): Promise<void> {
  const lock = join(data, 'postmaster.pid');
  const pid = Number((await readFile(lock, 'utf8').catch(() => '')).split('\n')[0]);
  if (!pid) return;
  // One whose stack was killed a moment ago is just stopping.
  for (const deadline = Date.now() + STOPPING_MS; await isPostgres(pid); await sleep(100)) {
    if (Date.now() < deadline) continue;
    throw new ServerError(`PostgreSQL (pid ${pid}) already runs on ${data}; stop it first: kill -INT ${pid}`);
  }
  await rm(lock, { force: true });
}

export async function startPostgres(options: PostgresOptions): Promise<Server> {
  if (options.url !== undefined) {
    if (await answers(options.url)) return foreign(options.url);
    throw new ServerError('DATABASE_URL is set, and no PostgreSQL answers there: start it, or unset DATABASE_URL');
  }
  const user = await unprivileged();
  const { initdb, postgres } = await postgresPrograms(user);
  const data = await reachable(options.folder, user);
  await assertDisk(join(data, '..'), options.minFreeBytes ?? 2 ** 28);
  if (!options.durable) leash.remove(data);
  const password = options.password ?? randomBytes(16).toString('hex');
  if (!existsSync(join(data, 'PG_VERSION'))) {
    await rm(data, { recursive: true, force: true });
    await initialise(initdb, data, password, user);
  } else {
    await clearStaleLock(data);
  }
  const settings = Object.entries({ ...COMMON, ...(options.durable ? DURABLE : THROW_AWAY) });
  const args = ['-D', data, ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  return onPort({ port: options.port, who: 'PostgreSQL', remedy: 'stop what uses it' }, async port => {
    const child: Child = await startChild({
      name: 'PostgreSQL',
      command: postgres,
      args: [...args, '-p', String(port)],
      log: options.log,
      env,
      cwd: '/',
      ...(user && { user }),
      // Fast shutdown, then immediate; a throw-away server has nothing to save.
      signals: options.durable ? ['SIGINT', 'SIGQUIT'] : ['SIGQUIT'],
      patienceMs: 10_000,
    });
    const url = `postgresql://${ADMIN}:${password}@127.0.0.1:${port}/postgres`;
    await untilReady(child, () => answers(url), 60_000);
    return ownOf(url, child);
  });
}

/** Removes what `startPostgres` keeps for this folder, wherever it had to put it. */
export async function removePostgresData(folder: string): Promise<void> {
  await rm(await reachable(folder, await unprivileged()), { recursive: true, force: true });
}
