import type { ServiceName } from '@arena/contracts';
import type { Sql } from '@arena/db';

export interface OutboxGauges {
  /** Sent and not yet acknowledged by everybody. */
  readonly open: number;
  readonly oldestOpenSeconds: number;
  /** Of this service: what it was sent and could not do. */
  readonly deadLetters: number;
}

const query = `
  select
    count(*)::int as open,
    coalesce(extract(epoch from clock_timestamp() - min(created_at)), 0)::float8 as "oldestOpenSeconds",
    (select count(*)::int from bus.dead_letters where subscriber = $1) as "deadLetters"
  from outbox`;

export async function outboxGauges(sql: Sql, service: ServiceName): Promise<OutboxGauges> {
  const [row] = await sql.query<OutboxGauges>(query, [service]);
  return row ?? { open: 0, oldestOpenSeconds: 0, deadLetters: 0 };
}
