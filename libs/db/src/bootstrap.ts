import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { databaseStatements, type ServiceRoles, serviceStatements } from './core/bootstrap-sql.js';
import { sqlState, translate } from './errors.js';
import { identifier } from './identifier.js';
import { protectTable } from './migration-table.js';

export interface BootstrapOptions {
  /** Of a role that may create roles and schemas, to the database that the services will use. */
  adminUrl: string;
  services: readonly ServiceRoles[];
}

/** Roles belong to the whole server: a bootstrap of another database beside this one may touch the same row. */
const collisions = new Set(['XX000', '23505', '42710', '42P06', '40001']);

/** Creates or brings up to date the roles, schemas, grants and the bus. Safe to repeat and to run at once. */
export async function bootstrap(options: BootstrapOptions): Promise<void> {
  for (const service of options.services) identifier(service.schema);
  const client = new pg.Client({ connectionString: options.adminUrl, application_name: 'arena bootstrap' });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const statements = await allStatements(client, options.services);
    for (let attempt = 1; ; attempt++) {
      try {
        await client.query(['begin', ...statements, 'commit'].join(';\n'));
        return;
      } catch (error) {
        await client.query('rollback');
        if (attempt === 8 || !collisions.has(sqlState(error) ?? '')) throw error;
        await sleep(Math.random() * 50 * attempt);
      }
    }
  } catch (error) {
    throw translate(error, 'no');
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function allStatements(client: pg.Client, services: readonly ServiceRoles[]): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>('select current_database() as name');
  const database = client.escapeIdentifier(rows[0]?.name ?? '');
  return [
    `select pg_advisory_xact_lock(hashtext('arena.bootstrap'))`,
    ...databaseStatements(database),
    ...services.flatMap(service => serviceStatements(service, text => client.escapeLiteral(text))),
    ...services.map(service => protectTable(service.schema)),
  ];
}
