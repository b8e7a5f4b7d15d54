import { libraryMigrations, runMigrations } from '@arena/service';

await runMigrations('chain-indexer', libraryMigrations);
