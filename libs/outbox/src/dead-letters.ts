import type { MessageName, ServiceName } from '@arena/contracts';
import { type Database, select, type Sql, uuidV7 } from '@arena/db';
import type { DeadJob } from '@arena/queue';
import { z } from 'zod';
import type { Queues } from './relay/queues.js';

const DeadLetter = z.object({
  messageId: z.guid(),
  subscriber: z.string().transform(name => name as ServiceName),
  queue: z.string(),
  name: z.string().transform(name => name as MessageName),
  message: z.unknown(),
  error: z.string(),
  attempts: z.int(),
  at: z.date(),
});
export type DeadLetter = z.output<typeof DeadLetter>;

const columns = 'message_id as "messageId", subscriber, queue, name, message, error, attempts, at';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Keeps a job that will not be tried again, until somebody drives it again. */
export async function keepDeadLetter(sql: Sql, dead: DeadJob): Promise<void> {
  await sql.query(
    `insert into bus.dead_letters (message_id, subscriber, queue, name, message, error, attempts)
     values ($1, $2, $3, $4, $5::jsonb, $6, $7)
     on conflict (message_id, subscriber) do update set
       error = excluded.error, attempts = excluded.attempts, at = now(), message = excluded.message`,
    [
      // A job that is none of ours may have any id.
      uuid.test(dead.jobId) ? dead.jobId : uuidV7(),
      dead.subscriber,
      dead.queue,
      dead.name,
      JSON.stringify(dead.data ?? null),
      dead.error.message.slice(0, 4_000),
      dead.attempts,
    ],
  );
}

export interface DeadLetterFilter {
  readonly messageId?: string | undefined;
  readonly subscriber?: string | undefined;
}

const matching = '($1::uuid is null or message_id = $1::uuid) and ($2::text is null or subscriber = $2)';

export function listDeadLetters(sql: Sql, filter: DeadLetterFilter = {}, limit = 100): Promise<DeadLetter[]> {
  const text = `select ${columns} from bus.dead_letters where ${matching} order by at limit $3`;
  return select(sql, DeadLetter, text, [filter.messageId, filter.subscriber, limit]);
}

/**
 * Gives dead letters to their queues again. Each is taken away in the transaction in which Redis takes it back, so
 * none is lost; one that was sent and not taken away goes when its acknowledgement comes.
 */
export function redrive(database: Database, queues: Queues, filter: DeadLetterFilter): Promise<DeadLetter[]> {
  return database.transaction(async tx => {
    const text = `delete from bus.dead_letters where ${matching} returning ${columns}`;
    const letters = await select(tx, DeadLetter, text, [filter.messageId, filter.subscriber]);
    const rings = letters.map(({ messageId: id, name, message, subscriber: to }) => ({ id, name, message, to }));
    if (rings.length > 0) await queues.add(await queues.absent(rings));
    return letters;
  });
}
