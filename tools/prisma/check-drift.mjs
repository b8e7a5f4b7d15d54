#!/usr/bin/env node
/**
 * Fails when an app's `prisma/migrations` would not build its `prisma/schema.prisma`:
 *
 *   node tools/prisma/check-drift.mjs DATABASE_URL [APP_FOLDER …]
 *
 * The migrations are replayed in a database that is made on that server for the purpose and dropped again; the one in
 * the address is not touched. Without folders, every app that has a schema is checked.
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withDatabase } from './engine/address.mjs';
import { execute } from './engine/connection.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const prisma = join(root, 'node_modules', 'prisma', 'build', 'index.js');
const config = fileURLToPath(new URL('./drift.config.mjs', import.meta.url));
const engine = fileURLToPath(new URL('./schema-engine.mjs', import.meta.url));

const schemaOf = app => join(app, 'prisma', 'schema.prisma');
const everyApp = () => readdirSync(join(root, 'apps')).map(name => join(root, 'apps', name));

function run(app, shadowUrl) {
  const [schema, migrations] = [schemaOf(app), join(app, 'prisma', 'migrations')];
  const env = {
    ...process.env,
    PRISMA_SCHEMA_ENGINE_BINARY: engine,
    SHADOW_DATABASE_URL: shadowUrl,
    DRIFT_SCHEMA: schema,
    DRIFT_MIGRATIONS: migrations,
  };
  const ends = ['--from-migrations', migrations, '--to-schema', schema];
  const words = [prisma, 'migrate', 'diff', '--exit-code', '--config', config, ...ends];
  return new Promise(done => {
    execFile(process.execPath, words, { cwd: root, env }, (error, stdout, stderr) => {
      const output = `${stdout}${stderr}`.trim();
      // An engine that died without an answer looks like success to Prisma.
      const silent = !error && !stdout.includes('No difference detected');
      done({ code: silent ? 1 : error ? (error.code ?? 1) : 0, output });
    });
  });
}

/** Prisma's exit codes: 0 the same, 2 different, else it could not tell. */
async function check(app, serverUrl) {
  const database = `drift_${randomBytes(6).toString('hex')}`;
  await execute(serverUrl, `create database ${database}`);
  try {
    const { code, output } = await run(app, withDatabase(serverUrl, database));
    if (code === 0) console.log(`${app}: migrations and schema agree`);
    else console.error(`${app}: ${code === 2 ? 'migrations and schema differ' : 'could not be checked'}\n${output}`);
    return code === 0;
  } finally {
    await execute(serverUrl, `drop database ${database} with (force)`);
  }
}

const [serverUrl = process.env.DATABASE_URL, ...folders] = process.argv.slice(2);
if (!serverUrl) {
  console.error('usage: check-drift.mjs DATABASE_URL [APP_FOLDER …]');
  process.exit(2);
}
const apps = folders.length > 0 ? folders.map(folder => resolve(folder)) : everyApp();
const results = [];
for (const app of apps.filter(app => existsSync(schemaOf(app)))) results.push(await check(app, serverUrl));
process.exitCode = results.every(Boolean) ? 0 : 1;
