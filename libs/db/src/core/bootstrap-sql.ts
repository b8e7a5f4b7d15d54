/**
 * Who may do what in the one database: each service has a schema, an owner that migrates it and a runtime role that
 * only reads and writes rows. No service sees another's schema; all write to `bus`, where deliveries are acknowledged.
 * Every statement may run any number of times.
 */
export interface ServiceRoles {
  /** Also names the roles: `<schema>_owner` and `<schema>_app`. */
  readonly schema: string;
  readonly ownerPassword: string;
  readonly appPassword: string;
}

type Quote = (text: string) => string;

export const databaseStatements = (database: string): string[] => [
  'revoke create on schema public from public',
  `revoke temporary on database ${database} from public`,
  'create schema if not exists bus',
  `create table if not exists bus.acks (
     message_id uuid not null,
     subscriber text not null,
     at timestamptz not null default now(),
     primary key (message_id, subscriber)
   )`,
  `create table if not exists bus.dead_letters (
     message_id uuid not null,
     subscriber text not null,
     queue text not null,
     name text not null,
     message jsonb not null,
     error text not null,
     attempts integer not null,
     at timestamptz not null default now(),
     primary key (message_id, subscriber)
   )`,
  'create index if not exists dead_letters_at on bus.dead_letters (at)',
];

export function serviceStatements({ schema, ownerPassword, appPassword }: ServiceRoles, literal: Quote): string[] {
  const owner = `${schema}_owner`;
  const app = `${schema}_app`;
  return [
    ...role(owner, schema, literal(ownerPassword)),
    ...role(app, schema, literal(appPassword)),
    // A superuser needs neither; an administrator of a managed server may act for a role only as its member.
    `grant ${owner} to current_user`,
    `create schema if not exists ${schema} authorization ${owner}`,
    `grant usage on schema ${schema} to ${app}`,
    `grant select, insert, update, delete on all tables in schema ${schema} to ${app}`,
    `grant usage, select on all sequences in schema ${schema} to ${app}`,
    `alter default privileges for role ${owner} in schema ${schema}
       grant select, insert, update, delete on tables to ${app}`,
    `alter default privileges for role ${owner} in schema ${schema} grant usage, select on sequences to ${app}`,
    `grant usage on schema bus to ${app}`,
    // A publisher prunes the acknowledgements of its own messages; a redrive takes a dead letter away.
    `grant select, insert, delete on bus.acks to ${app}`,
    `grant select, insert, update, delete on bus.dead_letters to ${app}`,
  ];
}

function role(name: string, schema: string, password: string): string[] {
  return [
    `do $$ begin
       if not exists (select from pg_roles where rolname = '${name}') then create role ${name} login; end if;
     end $$`,
    `alter role ${name} login password ${password}`,
    `alter role ${name} set search_path to ${schema}`,
    // Prisma's adapter writes and reads timestamps without a zone.
    `alter role ${name} set timezone to 'UTC'`,
  ];
}
