import { readEnvOrExit } from '@arena/env';
import { startProcess } from '@arena/service';
import { Env } from './env.js';

const own = await startProcess('validation-worker', readEnvOrExit(Env));
own.ready({});
