// PostgreSQL refuses to run as root. When we are root it runs as another user, who may be unable to enter the folders
// that we were given (a clone under /root, say): then data and programs go to a place that both can reach.
import { createHash } from 'node:crypto';
import { chown, cp, mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { ServerError } from './server-error.js';

export interface User {
  uid: number;
  gid: number;
}

const USERS = ['postgres', 'nobody'];
const SHARED_PLACE = '/var/lib/arena-dev';

/** The user to run as: undefined when we are not root and may be ourselves. */
export async function unprivileged(): Promise<User | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const rows = (await readFile('/etc/passwd', 'utf8')).split('\n').map(line => line.split(':'));
  for (const name of USERS) {
    const row = rows.find(([login]) => login === name);
    if (row) return { uid: Number(row[2]), gid: Number(row[3]) };
  }
  throw new ServerError(
    `PostgreSQL may not run as root and there is no user ${USERS.join(' or ')}: run as another user`,
  );
}

async function mayEnter(user: User, folder: string): Promise<boolean> {
  const { mode, uid } = await stat(folder);
  const enters = uid === user.uid ? mode & 0o100 : mode & 0o001;
  return enters !== 0 && (folder === dirname(folder) || mayEnter(user, dirname(folder)));
}

const digest = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16);

/** Where what belongs at `folder` really goes, so that the user can reach it. */
export async function reachable(folder: string, user: User | undefined): Promise<string> {
  const wanted = resolve(folder);
  await mkdir(dirname(wanted), { recursive: true });
  if (!user || (await mayEnter(user, dirname(wanted)))) return wanted;
  await mkdir(SHARED_PLACE, { recursive: true, mode: 0o755 });
  return join(SHARED_PLACE, digest(wanted));
}

/** Makes the folder and gives it to the user. */
export async function ownedFolder(folder: string, user: User | undefined): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (user) await chown(folder, user.uid, user.gid);
}

/** Programs that the user cannot reach are copied once to where it can. */
export async function reachablePrograms(folder: string, version: string, user: User | undefined): Promise<string> {
  if (!user || (await mayEnter(user, folder))) return folder;
  const copy = join(SHARED_PLACE, `${basename(folder)}-${version}-${digest(folder)}`);
  const there = await stat(copy).catch(() => undefined);
  if (!there) {
    const unfinished = `${copy}.${process.pid}`;
    await mkdir(SHARED_PLACE, { recursive: true, mode: 0o755 });
    await cp(folder, unfinished, { recursive: true, verbatimSymlinks: true });
    // Another process may have been quicker: its copy is as good as ours.
    await rename(unfinished, copy).catch(() => rm(unfinished, { recursive: true, force: true }));
  }
  return copy;
}
