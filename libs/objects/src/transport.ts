import * as http from 'node:http';
import * as https from 'node:https';
import type { ClientOptions } from 'minio';

const idleMs = 30_000;

const timedOut = () => Object.assign(new Error('no byte moved for too long'), { code: 'ETIMEDOUT' });

type Connection = Required<Pick<ClientOptions, 'transport' | 'transportAgent'>>;

/** Connections that are kept, that end when nothing moves, and that an error answer gives back. */
export function openConnections(secure: boolean): Connection {
  const { Agent, request } = secure ? https : http;
  return {
    transportAgent: new Agent({ keepAlive: true, maxSockets: 64 }),
    transport: {
      request: (options: http.RequestOptions, answered: (response: http.IncomingMessage) => void) => {
        const sent = request(options, response => {
          // The minio client throws at these without reading them, which would hold the connection for good.
          if ((response.statusCode ?? 0) >= 500 || response.statusCode === 429 || response.statusCode === 408)
            response.resume();
          answered(response);
        });
        return sent.setTimeout(idleMs, () => sent.destroy(timedOut()));
      },
    } as NonNullable<ClientOptions['transport']>,
  };
}
