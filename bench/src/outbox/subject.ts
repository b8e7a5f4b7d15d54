import { setTimeout as sleep } from 'node:timers/promises';
import { type Message, routedTo, services } from '@arena/contracts';
import { bootstrap, type Database, migrate, pgDatabase } from '@arena/db';
import { keepDeadLetter, migrations, publish, receive, startRelay } from '@arena/outbox';
import { BullStrategy } from '@arena/queue';
import { type Side, width } from './baseline.js';
import { countdown, inParallel, record } from './traffic.js';

const password = 'bench';
const [sender, taker] = ['rewards-service', 'task-service'] as const;

async function prepare(adminUrl: string): Promise<{ senderUrl: string; takerUrl: string }> {
  const schemas = [services[sender].schema, services[taker].schema];
  const roles = schemas.map(schema => ({ schema, ownerPassword: password, appPassword: password }));
  await bootstrap({ adminUrl, services: roles });
  const as = (role: string) => Object.assign(new URL(adminUrl), { username: role, password }).href;
  for (const schema of schemas) await migrate({ url: as(`${schema}_owner`), schema, sources: [migrations] });
  return { senderUrl: as(`${schemas[0]}_app`), takerUrl: as(`${schemas[1]}_app`) };
}

/** Closing rows goes on for a second, and looking for more; it must not run into the baseline's round. */
async function settled(database: Database): Promise<void> {
  while ((await database.read.query('select 1 from outbox limit 1')).length > 0) await sleep(50);
  await sleep(1_500);
}

/** The library as the services use it: publish in a transaction → relay → BullMQ → inbox and acknowledgement. */
export async function library(adminUrl: string, redisUrl: string): Promise<Side> {
  const { senderUrl, takerUrl } = await prepare(adminUrl);
  const from = pgDatabase({ url: senderUrl, max: width });
  const to = pgDatabase({ url: takerUrl, max: width });
  const prefix = 'bench';
  const onError = (error: Error) => process.stderr.write(`${error.message}\n`);
  let tick: () => unknown = () => undefined;
  const strategy = new BullStrategy({
    service: taker,
    redisUrl,
    prefix,
    onError,
    onDead: dead => keepDeadLetter(to.read, dead),
  });
  const handle = async (message: Message) => {
    await receive(to, { message, subscriber: taker }, async () => undefined);
    tick();
  };
  for (const name of routedTo(taker)) strategy.addHandler(name, handle as never, true);
  strategy.listen(error => error && onError(error as Error));
  const relay = startRelay({ service: sender, databaseUrl: senderUrl, redisUrl, prefix, onError });
  return {
    async round(count) {
      const counter = countdown(count);
      tick = counter.tick;
      const started = performance.now();
      await inParallel(count, width, n => from.transaction(tx => publish(tx, record(n))));
      await counter.done;
      const perSecond = (count / (performance.now() - started)) * 1_000;
      await settled(from);
      return perSecond;
    },
    async close() {
      await strategy.close();
      await relay.close();
      await Promise.all([from.close(), to.close()]);
    },
  };
}
