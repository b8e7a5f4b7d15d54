import type { Sql } from '@arena/db';
import { conditions } from './conditions.js';
import { place, type PlaceRow, type Position, withPlace } from './read-place.js';
import type { PlaceKey } from './read-stakes.js';

export interface CaseRow extends Position, PlaceRow {
  case: string;
  account: string;
  status: 'opened' | 'slashed' | 'dismissed' | 'closed';
  ppm: number;
  delegationPpm: number;
  evidenceHash: string;
  reporter: string;
  executableAt: Date;
  gm: string;
  released: string;
  openedBlock: bigint;
  openedHash: string;
  openedAt: Date;
  openedIn: string;
  openedIndex: number;
}

/** Newest first, by when they were opened. A case may slash many accounts; it is against one. */
export function listCases(
  sql: Sql,
  { account, task }: { account?: string | undefined; task?: number | undefined },
  limit: number,
  before: PlaceKey | undefined,
) {
  const where = conditions()
    .and('change = ?', 'opened')
    .and('account = ?', account)
    .and('task = ?', task)
    .and('(block, log_index) < (?, ?)', ...(before ?? [undefined]));
  return sql.query<CaseRow>(
    `with opened as (
       select * from case_changes where ${where} order by block desc, log_index desc limit ${where.value(limit + 1)}
     )
     select o.case_id as "case", o.program, o.task, o.role, o.account, c.change as status, o.ppm,
       o.delegation_ppm as "delegationPpm", o.evidence_hash as "evidenceHash", o.reporter,
       o.executable_at as "executableAt", slashed.gm, slashed.released, o.block as "openedBlock",
       ob.hash as "openedHash", o.at as "openedAt", o.transaction as "openedIn", o.log_index as "openedIndex", ${place}
     from opened o
     cross join lateral (
       select * from case_changes c where c.case_id = o.case_id order by c.ordinal desc limit 1
     ) c
     cross join lateral (
       select coalesce(sum(gm), 0) as gm, coalesce(sum(released), 0) as released
       from case_changes s where s.case_id = o.case_id
     ) slashed
     join blocks ob on ob.number = o.block
     ${withPlace} order by o.block desc, o.log_index desc`,
    where.values,
  );
}
