import { fileURLToPath } from 'node:url';
import type { MigrationSource } from '@arena/db';

/** The tables of the submitter, for the schema of a service that sends transactions. */
export const migrations: MigrationSource = {
  name: 'chain',
  directory: fileURLToPath(new URL('../../migrations', import.meta.url)),
};
