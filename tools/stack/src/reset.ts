import { existsSync, rmSync } from 'node:fs';
import { removePostgresData } from '@arena/servers';
import { readEnvironment } from './command/environment.js';
import { stateFolder } from './parts/folder.js';
import { holderOf } from './parts/lock.js';

const folder = stateFolder(readEnvironment(process.env).folder);
const holder = holderOf(folder.lock);
if (holder !== undefined) {
  process.stderr.write(`a stack runs here (pid ${holder}); stop it first with Ctrl-C or: kill ${holder}\n`);
  process.exit(1);
}
if (existsSync(folder.path)) {
  await removePostgresData(folder.data('postgres'));
  rmSync(folder.path, { recursive: true, force: true });
}
process.stdout.write('everything the local stack kept is gone\n');
