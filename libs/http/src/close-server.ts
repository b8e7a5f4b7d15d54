import type { Server } from 'node:http';
import type { Socket } from 'node:net';

const connections = new WeakMap<Server, Set<Socket>>();

export function watchConnections(server: Server): void {
  const open = new Set<Socket>();
  connections.set(server, open);
  server.on('connection', socket => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
}

/**
 * Requests under way are answered; connections that only idle are closed at once. So are those that have not said a word
 * yet, for which Node would wait: clients open such ahead of time, as `fetch` does when a stream was hung up.
 */
export function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>(resolve => server.close(() => resolve()));
  for (const socket of connections.get(server) ?? []) if (socket.bytesRead === 0) socket.destroy();
  return closed;
}
