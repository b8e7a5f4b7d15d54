import { parseArgs } from 'node:util';
import { serviceNames, type ServiceName } from '@arena/contracts';
import { ServerError } from '@arena/servers';

export interface CommandLine {
  only: readonly ServiceName[];
  port: number | undefined;
  json: boolean;
  help: boolean;
}

export const USAGE = `npm start -- [--only task-service,webhook-service] [--port 8080] [--json]
  --only   starts these services alone (and all that they stand on)
  --port   where the public origin listens; ARENA_PORT does the same
  --json   prints one line of JSON with every address when all is ready`;

const isService = (name: string): name is ServiceName => (serviceNames as readonly string[]).includes(name);

export function readCommandLine(args: readonly string[]): CommandLine {
  const values = parse(args);
  const names = values.only?.split(',').map(name => name.trim()) ?? serviceNames;
  const unknown = names.filter(name => !isService(name));
  if (unknown.length > 0) {
    throw new ServerError(`--only: there is no ${unknown.join(', ')}; there are ${serviceNames.join(', ')}`);
  }
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65_536)) {
    throw new ServerError(`--port: ${values.port} is not a port`);
  }
  return { only: names.filter(isService), port, json: values.json ?? false, help: values.help ?? false };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        only: { type: 'string' },
        port: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new ServerError(`${(error as Error).message.split('.')[0]}; try: npm start -- --help`);
  }
}
