import type { Message, MessageName, ServiceName } from '@arena/contracts';
import { crashPoint, type Database, type Sql } from '@arena/db';
import { batchSize } from './batch-size.js';
import type { Queues, Ring } from './queues.js';

interface OpenRow {
  id: string;
  name: MessageName;
  recipients: ServiceName[];
}

/** What is dead is left to a person, and what is acknowledged is only not closed yet. */
const open = `
  select id, message->>'name' as name, array(
    select subscriber from unnest(awaited) as subscriber
    where not exists (select from bus.dead_letters d where d.message_id = id and d.subscriber = subscriber)
      and not exists (select from bus.acks a where a.message_id = id and a.subscriber = subscriber)
  ) as recipients
  from outbox
  where id > $1 and created_at < clock_timestamp() - $2 * interval '1 millisecond'
  order by id limit ${batchSize}`;

const first = '00000000-0000-0000-0000-000000000000';

/**
 * Postgres is the truth: whatever has been open for a while and Redis does not know of, it is told again. One call
 * goes through all open rows, in steps; nothing is written, so relays that do this at once only do it twice.
 */
export async function reconcile(database: Database, queues: Queues, ageMs: number): Promise<number> {
  let restored = 0;
  for (let after: string | undefined = first; after !== undefined;) {
    const rows: OpenRow[] = await database.read.query<OpenRow>(open, [after, ageMs]);
    const lost = await queues.absent(rows.flatMap(ringsOf));
    crashPoint('reconcile.before-add');
    if (lost.length > 0) await queues.add(await withMessages(database.read, lost));
    restored += lost.length;
    after = rows.length < batchSize ? undefined : rows.at(-1)?.id;
  }
  return restored;
}

const ringsOf = ({ id, name, recipients }: OpenRow): Ring[] =>
  recipients.map(to => ({ id, name, to, message: undefined }));

/** Read only now, because mostly nothing is lost. A row that was closed meanwhile is left out. */
async function withMessages(sql: Sql, rings: readonly Ring[]): Promise<Ring[]> {
  const ids = [...new Set(rings.map(ring => ring.id))];
  const rows = await sql.query<{ message: Message }>('select message from outbox where id = any($1::uuid[])', [ids]);
  const messages = new Map(rows.map(({ message }) => [message.id, message]));
  return rings.flatMap(ring => {
    const message = messages.get(ring.id);
    return message ? [{ ...ring, message }] : [];
  });
}
