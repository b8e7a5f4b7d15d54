import { libraryMigrations, runMigrations } from '@arena/service';

await runMigrations('webhook-service', libraryMigrations);
