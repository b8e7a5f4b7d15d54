// The public origin of docker-compose.yml: the gateway of the local stack as a process of its own. Every service is
// reached by its own name, as Compose gives it. The image holds none of @arena/servers, so nothing here may import it.
import { join } from 'node:path';
import { port, readEnvOrExit } from '@arena/env';
import { z } from 'zod';
import { startGateway } from './gateway/gateway.js';
import { repository } from './parts/folder.js';

const Env = z.object({
  HOST: z.string().default('0.0.0.0').describe('address to listen on'),
  PORT: port().default(8080).describe('port of the public origin'),
  SERVICE_PORT: port().default(3000).describe('port of every service behind it'),
});

const env = readEnvOrExit(Env);
const gateway = await startGateway({
  host: env.HOST,
  port: env.PORT,
  openApiFile: join(repository, 'docs', 'openapi.json'),
  targetOf: service => ({ host: service, port: env.SERVICE_PORT }),
});
process.stdout.write(`the public origin listens on ${env.HOST}:${gateway.port}\n`);

const stop = () => void gateway.close().then(() => process.exit(0));
process.once('SIGTERM', stop).once('SIGINT', stop);
