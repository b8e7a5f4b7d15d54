import { fileURLToPath } from 'node:url';
import { migrations as chainMigrations } from '@arena/chain';
import { libraryMigrations } from '@arena/service';

export const migrations = [
  ...libraryMigrations,
  chainMigrations,
  { directory: fileURLToPath(new URL('../migrations', import.meta.url)) },
];
