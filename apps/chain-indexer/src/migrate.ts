import { runMigrations } from '@arena/service';
import { migrations } from './migrations.js';

await runMigrations('chain-indexer', migrations);
