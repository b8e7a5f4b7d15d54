import { fileURLToPath } from 'node:url';
import { libraryMigrations } from '@arena/service';

export const migrations = [
  ...libraryMigrations,
  { directory: fileURLToPath(new URL('../prisma/migrations', import.meta.url)) },
];
