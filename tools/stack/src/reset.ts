import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { removePostgresData } from '@arena/servers';
import { repository, stateFolder } from './parts/folder.js';
import { holderOf } from './parts/lock.js';

const folder = stateFolder(process.env['ARENA_FOLDER'] ?? join(repository, '.arena'));
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
