import 'reflect-metadata';
import { readEnvOrExit } from '@arena/env';
import { runService } from '@arena/service';
import { AppModule } from './app.module.js';
import { Env } from './env.js';
import { migrations } from './migrations.js';
import { openDatabase } from './store/database.js';

const env = readEnvOrExit(Env);
const database = openDatabase(env.DATABASE_URL, env.DATABASE_POOL);
await runService({ name: 'task-service', env, module: AppModule, database, migrations });
