import { fileURLToPath } from 'node:url';
import { libraryMigrations } from '@arena/service';
import { stakeMigrations } from '@arena/stakes';

export const migrations = [
  ...libraryMigrations,
  stakeMigrations,
  { directory: fileURLToPath(new URL('../prisma/migrations', import.meta.url)) },
];
