// Brings everything that is derived from sources up to date: Prisma clients, then dist/ by tsc -b.
// `apps` builds only what the services run on, and leaves the types unread: that is for a start, which people wait for.
// Under a lock that waits, so two test runs at once do not write the same files. Plain Node: it runs before any build.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const require = createRequire(join(root, 'package.json'));
const lock = join(root, 'node_modules', '.arena-build.lock');
const WRITING_MS = 2_000;

const say = line => process.stdout.write(`${line}\n`);

function isHeld() {
  const holder = Number(readFileSync(lock, 'utf8'));
  // Between its creation and its first byte the lock names nobody yet.
  if (!holder) return Date.now() - statSync(lock).mtimeMs < WRITING_MS;
  try {
    process.kill(holder, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
  const state = `/proc/${holder}/stat`;
  return !existsSync(state) || !readFileSync(state, 'utf8').includes(') Z ');
}

async function takeLock() {
  for (let waiting = false; ;) {
    try {
      return writeFileSync(lock, String(process.pid), { flag: 'wx' });
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    try {
      if (!isHeld()) rmSync(lock, { force: true });
    } catch (error) {
      if (error.code !== 'ENOENT') throw error;
    }
    if (!waiting) say('build    waits for another build');
    waiting = true;
    await sleep(200);
  }
}

/** Runs one step and says how long it took; a failed one shows all that it wrote. */
function step(name, script, args, env = {}) {
  const began = Date.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, ...env },
    maxBuffer: 64 * 2 ** 20,
  });
  const failed = status !== 0;
  say(`${name.padEnd(32)} ${((Date.now() - began) / 1000).toFixed(1)} s${failed ? '  FAILED' : ''}`);
  if (!failed) return;
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  process.exit(1);
}

const packageFolder = name => dirname(require.resolve(`${name}/package.json`));
const versionOf = name => JSON.parse(readFileSync(join(packageFolder(name), 'package.json'), 'utf8')).version;

function generateClients() {
  const apps = readdirSync(join(root, 'apps')).sort();
  for (const app of apps) {
    const folder = join(root, 'apps', app);
    const schema = join(folder, 'prisma', 'schema.prisma');
    if (!existsSync(schema)) continue;
    // The client depends on the schema and on Prisma's version, on nothing else.
    const hash = createHash('sha256').update(versionOf('prisma')).update(readFileSync(schema)).digest('hex');
    const stamp = join(folder, 'src', 'store', 'generated', '.schema-hash');
    if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) continue;
    step(
      `prisma generate ${app}`,
      join(packageFolder('prisma'), 'build', 'index.js'),
      ['generate', '--schema', schema],
      {
        PRISMA_HIDE_UPDATE_MESSAGE: '1',
        CHECKPOINT_DISABLE: '1',
        PRISMA_SCHEMA_ENGINE_BINARY: join(root, 'tools', 'prisma', 'schema-engine.mjs'),
      },
    );
    writeFileSync(stamp, hash);
  }
}

await takeLock();
process.on('exit', () => rmSync(lock, { force: true }));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));
generateClients();
const services = readdirSync(join(root, 'apps')).map(app => join('apps', app));
const chosen = process.argv[2] === 'apps' ? ['--noCheck', ...services] : [];
step('tsc -b', join(packageFolder('typescript'), 'bin', 'tsc'), ['-b', ...chosen]);
