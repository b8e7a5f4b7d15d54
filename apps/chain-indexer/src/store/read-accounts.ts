import type { Sql } from '@arena/db';
import type { Position } from './read-place.js';

/** Cut, so that an account that stakes on everything costs no more than others. */
const MOST = 200;

export interface HoldingRow extends Position {
  total: string;
}

const newest = (entity: string, table: string, owner: string, shown: string) =>
  `select ${shown} from (
     select distinct on (${entity}) * from ${table} where ${owner} = $1 order by ${entity}, ordinal desc
   ) newest where total > 0`;

/** What an account has, in one transaction that sees one state of the chain. */
export async function readAccount(tx: Sql, account: string) {
  const given = [account];
  const [locked] = await tx.query<{ locked: string; gm: string }>(
    'select locked_total as locked, gm_total as gm from lock_changes where account = $1 order by ordinal desc limit 1',
    given,
  );
  const own = newest('program, task, role, account', 'stake_changes', 'account', 'program, task, role, total');
  const staked = await tx.query<HoldingRow>(`${own} order by program, task, role limit ${MOST}`, given);
  const entity = 'program, task, role, operator, account';
  const out = newest(entity, 'delegation_changes', 'account', 'program, task, role, operator, total');
  const delegated = await tx.query<HoldingRow & { operator: string }>(
    `${out} order by program, task, role, operator limit ${MOST}`,
    given,
  );
  const received = await tx.query<HoldingRow & { delegators: number }>(
    `select program, task, role, sum(total) as total, count(*)::int as delegators
     from (${newest(entity, 'delegation_changes', 'operator', '*')}) received
     group by program, task, role order by program, task, role limit ${MOST}`,
    given,
  );
  const [claimed] = await tx.query<{ claimed: string; claims: bigint }>(
    'select cumulative as claimed, ordinal as claims from claims where account = $1 order by ordinal desc limit 1',
    given,
  );
  return {
    account,
    locked: locked?.locked ?? '0',
    gm: locked?.gm ?? '0',
    staked,
    delegated,
    received,
    claimed: claimed?.claimed ?? '0',
    claims: Number(claimed?.claims ?? 0n),
  };
}
