import type { AppliedMigration } from './core/migration-plan.js';
import type { Sql } from './sql.js';

/** Prisma's own table, column for column, so that its commands understand a database that we migrated. */
export const createTable = `create table if not exists _prisma_migrations (
  id varchar(36) primary key not null,
  checksum varchar(64) not null,
  finished_at timestamptz,
  migration_name varchar(255) not null,
  logs text,
  rolled_back_at timestamptz,
  started_at timestamptz not null default now(),
  applied_steps_count integer not null default 0
)`;

/** The history is the owner's: the runtime role may only read it. */
export const protectTable = (schema: string): string => `do $$ begin
  if to_regclass('${schema}._prisma_migrations') is not null
     and exists (select from pg_roles where rolname = '${schema}_app') then
    revoke insert, update, delete on ${schema}._prisma_migrations from ${schema}_app;
  end if;
end $$`;

interface Row {
  migration_name: string;
  checksum: string;
  finished: boolean;
}

export async function appliedMigrations(sql: Sql): Promise<AppliedMigration[]> {
  const rows = await sql.query<Row>(
    `select migration_name, checksum, finished_at is not null as finished
     from _prisma_migrations where rolled_back_at is null order by started_at`,
  );
  return rows.map(row => ({ name: row.migration_name, checksum: row.checksum, finished: row.finished }));
}
