// What the projection answers. All of it is about program 0, the arena of validated tasks.
import type { Sql } from '@arena/db';
import type { DelegationTerms } from './core/effective-stake.js';

export type StakeRole = 'trainer' | 'validator';

export interface Stake {
  account: string;
  own: bigint;
  /** To this account, as an operator, by others. */
  delegated: bigint;
}

const stakes = `
  SELECT s.account, s.total AS own, coalesce(d.total, 0) AS delegated
  FROM known_stakes s
  LEFT JOIN LATERAL (
    SELECT sum(total) AS total FROM known_delegations d
    WHERE (d.program, d.task, d.role, d.operator) = (s.program, s.task, s.role, s.account)
  ) d ON true
  WHERE s.program = 0 AND s.task = $1 AND s.role = $2 AND s.total > 0`;

interface Row {
  account: string;
  own: string;
  delegated: string;
}
const toStake = ({ account, own, delegated }: Row): Stake => ({
  account,
  own: BigInt(own),
  delegated: BigInt(delegated),
});

/** Everybody who has staked in this role, by account. */
export async function stakesOf(sql: Sql, task: number, role: StakeRole): Promise<Stake[]> {
  return (await sql.query<Row>(`${stakes} ORDER BY s.account`, [task, role])).map(toStake);
}

/** Undefined when the account has staked nothing. */
export async function stakeOf(sql: Sql, task: number, role: StakeRole, account: string): Promise<Stake | undefined> {
  const [row] = await sql.query<Row>(`${stakes} AND s.account = $3`, [task, role, account]);
  return row && toStake(row);
}

/** Whether an account is trainer, or validator, of a task: by its own stake alone, which must reach the minimum. */
export async function isStaked(
  sql: Sql,
  task: number,
  role: StakeRole,
  account: string,
  minimum = 1n,
): Promise<boolean> {
  const found = await sql.query(
    `SELECT FROM known_stakes
     WHERE program = 0 AND task = $1 AND role = $2 AND account = $3 AND total >= greatest($4::numeric, 1)`,
    [task, role, account, minimum],
  );
  return found.length > 0;
}

export interface Side {
  accounts: number;
  own: bigint;
  delegated: bigint;
  /** Sum of the effective stakes: `effectiveStake` of each, said in SQL so that no list has to be read for it. */
  effective: bigint;
}

export async function sumOfStakes(
  sql: Sql,
  task: number,
  role: StakeRole,
  { epsilonPpm, delegationCap, minimum }: DelegationTerms & { minimum: bigint },
): Promise<Side> {
  const [row] = await sql.query<{ accounts: number; own: string; delegated: string; effective: string }>(
    `SELECT count(*)::int AS accounts, coalesce(sum(own), 0) AS own, coalesce(sum(delegated), 0) AS delegated,
       coalesce(sum(own + least(div(delegated * $3::numeric, 1000000), own * $4::numeric)), 0) AS effective
     FROM (${stakes}) staked WHERE own >= $5::numeric`,
    [task, role, epsilonPpm, delegationCap, minimum],
  );
  if (!row) throw new Error('an aggregate answered no row');
  const { accounts, own, delegated, effective } = row;
  return { accounts, own: BigInt(own), delegated: BigInt(delegated), effective: BigInt(effective) };
}
