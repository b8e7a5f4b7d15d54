import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repository = fileURLToPath(new URL('../../../../', import.meta.url));

export const programOf = (app: string, program: 'main' | 'migrate') =>
  join(repository, 'apps', app, 'dist', `${program}.js`);

/** Where one stack keeps everything: `.arena/` in the repository, or a folder of its own in a test. */
export interface Folder {
  path: string;
  lock: string;
  secret: string;
  ports: string;
  logs: string;
  log(part: string): string;
  data(part: string): string;
}

export function stateFolder(path: string): Folder {
  const root = resolve(path);
  return {
    path: root,
    lock: join(root, 'lock'),
    secret: join(root, 'secret'),
    ports: join(root, 'ports.json'),
    logs: join(root, 'logs'),
    log: part => join(root, 'logs', `${part}.log`),
    data: part => join(root, 'data', part),
  };
}

// Others may pass through (PostgreSQL runs as another user when we are root), and read nothing of it.
const MODE = 0o711;

export const makeFolder = (folder: Folder): void => void mkdirSync(folder.data(''), { recursive: true, mode: MODE });

/** Every run has logs of its own; those of the run before are kept beside them. */
export function turnLogs({ logs }: Folder): void {
  rmSync(`${logs}.before`, { recursive: true, force: true });
  if (existsSync(logs)) renameSync(logs, `${logs}.before`);
  mkdirSync(logs, { mode: MODE });
}
