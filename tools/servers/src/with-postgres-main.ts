// `tsx with-postgres-main.ts COMMAND …`: runs a command with the address of a throw-away PostgreSQL added as its last
// word, and ends as the command ended.
import { spawn } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from './postgres.js';

const [command, ...words] = process.argv.slice(2);
if (command === undefined) throw new Error('usage: with-postgres-main.ts COMMAND …');

const folder = await mkdtemp(join(tmpdir(), 'arena-postgres-'));
// PostgreSQL runs as another user when we are root, and must be able to come in.
await chmod(folder, 0o711);
const postgres = await startPostgres({ folder: join(folder, 'data'), log: join(folder, 'log'), durable: false });
const child = spawn(command, [...words, postgres.url], { stdio: 'inherit' });
const code = await new Promise<number>(resolve => child.on('exit', status => resolve(status ?? 1)));
await postgres.stop();
await rm(folder, { recursive: true, force: true });
process.exit(code);
