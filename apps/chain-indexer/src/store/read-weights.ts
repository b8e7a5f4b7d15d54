// Stake × seconds over a time, from the integral that each change carries: two look-ups for each entity, however often
// it changed in between. Chain time has whole seconds, so all of it is exact.
import type { Sql } from '@arena/db';
import { conditions } from './conditions.js';
import { walk } from './newest.js';

export interface WeightsAsked {
  program: number;
  task: number;
  role: number;
  account?: string | undefined;
  operator?: string | undefined;
  from: Date;
  until: Date;
  /** Later facts do not count. */
  block: bigint;
}
export interface WeightRow {
  operator: string | null;
  account: string;
  weight: string;
}

/** The newest block that counts, and its time: nothing is known of what comes after. */
export async function readCut(sql: Sql, finality: 'finalised' | 'latest') {
  const [row] = await sql.query<{ block: bigint; at: Date; finalised: boolean }>(
    `select b.number as block, b.at, b.number <= p.finalised as finalised from progress p
     join lateral (
       select number, at from blocks where number <= p.${finality === 'finalised' ? 'finalised' : 'head'}
       order by number desc limit 1
     ) b on true`,
  );
  return row;
}

const tables = {
  stakes: { name: 'stake_changes', entity: ['account'], operator: 'null::text' },
  delegations: { name: 'delegation_changes', entity: ['operator', 'account'], operator: 'e.operator' },
} as const;

export type WeightKey = [operator: string | null, account: string];

export function listWeights(
  sql: Sql,
  of: keyof typeof tables,
  asked: WeightsAsked,
  limit: number,
  after: WeightKey | undefined,
) {
  const { name, entity, operator } = tables[of];
  const key = entity.join(', ');
  const past = after && entity.map(column => (column === 'account' ? after[1] : after[0]));
  const where = conditions()
    .and('program = ?', asked.program)
    .and('task = ?', asked.task)
    .and('role = ?', asked.role)
    .and('account = ?', asked.account)
    .and('operator = ?', of === 'delegations' ? asked.operator : undefined)
    .and('block <= ?', asked.block)
    .and(`(${key}) > (${entity.map(() => '?').join(', ')})`, ...(past ?? [undefined]));
  const [block, from, until] = [asked.block, asked.from, asked.until].map(given => where.value(given)) as [
    string,
    string,
    string,
  ];
  // The weight of an entity up to a time: that of its last change, and what its total gathered since.
  const upTo = (time: string) =>
    `select c.weight + c.total * extract(epoch from (${time}::timestamptz - c.at)) as weight from ${name} c
     where (c.program, c.task, c.role) = (e.program, e.task, e.role) and ${entity.map(column => `c.${column} = e.${column}`).join(' and ')}
       and c.at <= ${time}::timestamptz and c.block <= ${block}
     order by c.ordinal desc limit 1`;
  return sql.query<WeightRow>(
    `with ${walk(name, entity, where)}
     select ${operator} as operator, e.account, trunc(t.weight - coalesce(f.weight, 0)) as weight
     from walk e
     join lateral (${upTo(until)}) t on true
     left join lateral (${upTo(from)}) f on true
     where trunc(t.weight - coalesce(f.weight, 0)) > 0 limit ${where.value(limit + 1)}`,
    where.values,
  );
}
