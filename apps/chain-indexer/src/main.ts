import 'reflect-metadata';
import { pgDatabase } from '@arena/db';
import { readEnvOrExit } from '@arena/env';
import { runService } from '@arena/service';
import { AppModule } from './app.module.js';
import { Env } from './env.js';
import { migrations } from './migrations.js';

const env = readEnvOrExit(Env);
const database = pgDatabase({ url: env.DATABASE_URL, max: env.DATABASE_POOL, applicationName: 'chain-indexer' });
await runService({ name: 'chain-indexer', env, module: AppModule, database, migrations });
