import { select, type Sql } from '@arena/db';
import { z } from 'zod';

const amount = z.string().transform(BigInt);
const GrantRow = z.object({ id: z.string(), account: z.string(), tokens: amount, gas: amount, asked_at: z.date() });
export type GrantRow = z.output<typeof GrantRow>;

const columns = 'id::text, account, tokens, gas, asked_at';

/** One more for that account on that day, or undefined when it has had them all. */
export async function addGrant(tx: Sql, grant: GrantRow, perDay: number): Promise<GrantRow | undefined> {
  const { id, account, tokens, gas, asked_at } = grant;
  // Two who ask at once come one after the other, rather than both to the same place.
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('faucet:' || $1, 0))`, [account]);
  const [row] = await select(
    tx,
    GrantRow,
    `insert into faucet_grants (id, account, day, nth, tokens, gas, asked_at)
     select $1, $2, day, 1 + given, $3, $4, $5
     from (select ($5::timestamptz at time zone 'UTC')::date as day) today
     cross join lateral (select count(*) as given from faucet_grants g where g.account = $2 and g.day = today.day) g
     where given < $6
     returning ${columns}`,
    [id, account, tokens, gas, asked_at, perDay],
  );
  return row;
}

export async function findGrant(sql: Sql, id: string): Promise<GrantRow | undefined> {
  const [row] = await select(sql, GrantRow, `select ${columns} from faucet_grants where id = $1`, [id]);
  return row;
}
