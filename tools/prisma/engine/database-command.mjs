import { escapeIdentifier } from 'pg';
import { address, withDatabase } from './address.mjs';
import { execute } from './connection.mjs';

/** `cli create-database`, `cli drop-database`, `cli can-connect-to-database`; the answer is an exit code and a log. */
export async function databaseCommand(command, datasourceUrl) {
  const { url, database, host } = address(datasourceUrl);
  const administration = withDatabase(url, 'postgres');
  const name = escapeIdentifier(database);
  log('INFO', 'schema_engine', { message: command });
  try {
    if (command === 'create-database') await execute(administration, `create database ${name}`);
    else if (command === 'drop-database') await execute(administration, `drop database ${name} with (force)`);
    else await execute(url, 'select 1');
    return 0;
  } catch (error) {
    log('ERROR', 'schema_engine::logger', { is_panic: false, ...explain(error, { database, host }) });
    return 1;
  }
}

/** Prisma decides by these codes whether to offer to create the database. */
function explain(error, { database, host }) {
  switch (error.code) {
    case '3D000':
      return { error_code: 'P1003', message: `Database \`${database}\` does not exist` };
    case '28P01':
      return { error_code: 'P1000', message: `Authentication failed at \`${host}\`` };
    default:
      return { error_code: 'P1001', message: `Can't reach database server at \`${host}\`: ${error.message}` };
  }
}

function log(level, target, fields) {
  process.stderr.write(`${JSON.stringify({ timestamp: new Date().toISOString(), level, fields, target })}\n`);
}
