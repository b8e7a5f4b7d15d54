import { fileURLToPath } from 'node:url';
import { libraryMigrations } from '@arena/service';

/** The tables of the chain itself, without those that the libraries keep in every service's schema. */
export const ownMigrations = { directory: fileURLToPath(new URL('../migrations', import.meta.url)) };

export const migrations = [...libraryMigrations, ownMigrations];
