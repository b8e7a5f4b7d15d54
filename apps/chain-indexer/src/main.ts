import 'reflect-metadata';
import { pgDatabase } from '@arena/db';
import { readEnvOrExit } from '@arena/env';
import { libraryMigrations, runService } from '@arena/service';
import { AppModule } from './app.module.js';
import { Env } from './env.js';

const env = readEnvOrExit(Env);
const database = pgDatabase({ url: env.DATABASE_URL, max: env.DATABASE_POOL, applicationName: 'chain-indexer' });
await runService({ name: 'chain-indexer', env, module: AppModule, database, migrations: libraryMigrations });
