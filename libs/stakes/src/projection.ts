import type { Payload } from '@arena/contracts';
import { send, type Sql } from '@arena/db';

/** Every event carries the new total, so the newest one wins and the others may come late, twice or never. */
export async function projectStake(tx: Sql, version: number, stake: Payload<'stake.changed.v1'>): Promise<void> {
  const { program, task, role, account, total, block } = stake;
  await send(
    tx,
    `INSERT INTO known_stakes AS k (program, task, role, account, version, total, block)
     VALUES ($1::smallint, $2::bigint, $3, $4, $5::bigint, $6::numeric, $7::bigint)
     ON CONFLICT (program, task, role, account) DO UPDATE
     SET version = EXCLUDED.version, total = EXCLUDED.total, block = EXCLUDED.block
     WHERE k.version < EXCLUDED.version`,
    [program, task, role, account, version, total, block],
  );
}

export async function projectDelegation(
  tx: Sql,
  version: number,
  delegation: Payload<'delegation.changed.v1'>,
): Promise<void> {
  const { program, task, role, operator, account, total, block } = delegation;
  await send(
    tx,
    `INSERT INTO known_delegations AS k (program, task, role, operator, account, version, total, block)
     VALUES ($1::smallint, $2::bigint, $3, $4, $5, $6::bigint, $7::numeric, $8::bigint)
     ON CONFLICT (program, task, role, operator, account) DO UPDATE
     SET version = EXCLUDED.version, total = EXCLUDED.total, block = EXCLUDED.block
     WHERE k.version < EXCLUDED.version`,
    [program, task, role, operator, account, version, total, block],
  );
}

/**
 * Its versions are counted by the indexer and begin anew when somebody empties its schema, unlike those of final facts,
 * which are on chain: a row that has said nothing for a day gives way to any.
 */
export async function projectSeenStake(tx: Sql, version: number, seen: Payload<'stake.seen.v1'>): Promise<void> {
  const { program, task, role, account, total, block, expectedFinalAt } = seen;
  await send(
    tx,
    `INSERT INTO seen_stakes AS s (program, task, role, account, version, total, block, expected_final_at)
     VALUES ($1::smallint, $2::bigint, $3, $4, $5::bigint, $6::numeric, $7::bigint, $8::timestamptz)
     ON CONFLICT (program, task, role, account) DO UPDATE
     SET version = EXCLUDED.version, total = EXCLUDED.total, block = EXCLUDED.block,
       expected_final_at = EXCLUDED.expected_final_at, seen_at = EXCLUDED.seen_at
     WHERE s.version < EXCLUDED.version OR s.seen_at < now() - interval '1 day'`,
    [program, task, role, account, version, total, block, expectedFinalAt],
  );
}
