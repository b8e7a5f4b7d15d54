// Makes a database ready for a release: roles and schemas, then every service's own migrations. The first step of
// docker-compose.yml, and safe to repeat. The image holds none of @arena/servers, so nothing here may import it.
//
// The passwords of the owners follow from the administrator's and are told to nobody: owners log in only here.
import { spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { services, serviceNames } from '@arena/contracts';
import { bootstrap } from '@arena/db';
import { readEnvOrExit, url } from '@arena/env';
import { z } from 'zod';
import { roleUrl } from './core/service-env.js';
import { programOf } from './parts/folder.js';

const withSchema = serviceNames.flatMap(name => {
  const { schema } = services[name];
  return schema ? [{ name, schema, password: `${schema.toUpperCase()}_DB_PASSWORD` }] : [];
});
const Password = z.string().min(16, 'is shorter than 16 characters');
const Env = z.object<Record<string, z.ZodString>>({
  ADMIN_DATABASE_URL: url('postgres', 'postgresql').describe('a role that may create roles and schemas'),
  ...Object.fromEntries(withSchema.map(({ password }) => [password, Password])),
});

const env = readEnvOrExit(Env);
const given = (name: string): string => env[name] ?? '';
const adminUrl = given('ADMIN_DATABASE_URL');
const ownerPassword = (role: string) => createHmac('sha256', new URL(adminUrl).password).update(role).digest('hex');

await bootstrap({
  adminUrl,
  services: withSchema.map(({ schema, password }) => ({
    schema,
    ownerPassword: ownerPassword(`${schema}_owner`),
    appPassword: given(password),
  })),
});
process.stdout.write('roles and schemas are up to date\n');

for (const { name, schema } of withSchema) {
  const owner = roleUrl({ url: adminUrl, password: ownerPassword }, `${schema}_owner`);
  const { status } = spawnSync(process.execPath, ['--enable-source-maps', programOf(name, 'migrate')], {
    env: { MIGRATE_DATABASE_URL: owner },
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(1);
}
