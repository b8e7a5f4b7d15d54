import { fileURLToPath } from 'node:url';
import type { MigrationSource } from '@arena/db';

/** The tables of this library, for the schema of each service that sends or takes messages. */
export const migrations: MigrationSource & { name: string } = {
  name: 'outbox',
  directory: fileURLToPath(new URL('../migrations', import.meta.url)),
};
