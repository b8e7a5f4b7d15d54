import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { Transform } from 'node:stream';

export interface FaultProxy {
  port: number;
  /** Breaks every connection of this moment, in mid-word; new ones are taken. */
  cut(): void;
  /** Holds all bytes back, both ways, without breaking anything: a peer that has fallen silent. */
  pause(): void;
  resume(): void;
  /** Every piece of data arrives this much later from now on. */
  delay(ms: number): void;
  close(): Promise<void>;
}

/** A wire that can be disturbed, between a client and the target (`host:port`, or an address with them). */
export async function startFaultProxy({ target }: { target: string }): Promise<FaultProxy> {
  const { hostname, port } = new URL(target.includes('://') ? target : `tcp://${target}`);
  const sockets = new Set<Socket>();
  const waiting = new Set<() => void>();
  let paused = false;
  let delayMs = 0;

  const open = () => new Promise<void>(resolve => (paused ? waiting.add(resolve) : resolve()));
  const disturbed = () =>
    new Transform({
      transform: (chunk, _encoding, done) => void setTimeout(() => void open().then(() => done(null, chunk)), delayMs),
    });
  const destroyAll = () => sockets.forEach(socket => socket.destroy());

  const server = createServer(client => {
    const upstream = connect(Number(port), hostname);
    const pair = [client, upstream];
    for (const socket of pair) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        pair.forEach(each => each.destroy());
      });
    }
    client.pipe(disturbed()).pipe(upstream);
    upstream.pipe(disturbed()).pipe(client);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));

  return {
    port: (server.address() as AddressInfo).port,
    cut: destroyAll,
    pause: () => void (paused = true),
    resume: () => {
      paused = false;
      waiting.forEach(resume => resume());
      waiting.clear();
    },
    delay: ms => void (delayMs = ms),
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        destroyAll();
      }),
  };
}
