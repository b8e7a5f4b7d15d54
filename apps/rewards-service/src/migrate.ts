import { libraryMigrations, runMigrations } from '@arena/service';

await runMigrations('rewards-service', libraryMigrations);
