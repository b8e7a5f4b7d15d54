import type { Sql } from '@arena/db';
import { conditions } from './conditions.js';
import { place, type PlaceRow, withPlace } from './read-place.js';
import type { PlaceKey } from './read-stakes.js';

export interface RootRow extends PlaceRow {
  epoch: bigint;
  status: 'submitted' | 'activated' | 'disabled';
  root: string;
  total: string;
  minted: string | null;
  evidenceHash: string;
  uri: string;
  activeAt: Date;
  submittedBlock: bigint;
  submittedHash: string;
  submittedAt: Date;
  submittedIn: string;
  submittedIndex: number;
}

/** Newest epoch first. An epoch's root is submitted once: a disabled one is not submitted again. */
export function listRoots(sql: Sql, limit: number, { epoch, before }: { epoch?: number; before?: number | undefined }) {
  const where = conditions().and('change = ?', 'submitted').and('epoch = ?', epoch).and('epoch < ?', before);
  return sql.query<RootRow>(
    `with submitted as (
       select * from root_changes where ${where} order by epoch desc limit ${where.value(limit + 1)}
     )
     select s.epoch, c.change as status, s.root, s.total, c.minted, s.evidence_hash as "evidenceHash", s.uri,
       s.active_at as "activeAt", s.block as "submittedBlock", sb.hash as "submittedHash", s.at as "submittedAt",
       s.transaction as "submittedIn", s.log_index as "submittedIndex", ${place}
     from submitted s
     cross join lateral (select * from root_changes c where c.epoch = s.epoch order by c.ordinal desc limit 1) c
     join blocks sb on sb.number = s.block
     ${withPlace} order by s.epoch desc`,
    where.values,
  );
}

export interface ClaimRow extends PlaceRow {
  account: string;
  epoch: bigint;
  root: string;
  amount: string;
  cumulative: string;
}

/** Newest first. */
export function listClaims(sql: Sql, account: string | undefined, limit: number, before: PlaceKey | undefined) {
  const where = conditions()
    .and('account = ?', account)
    .and('(block, log_index) < (?, ?)', ...(before ?? [undefined]));
  // Within an account the ordinal is the order of the blocks, and what its index is sorted by.
  const order = account === undefined ? 'block desc, log_index desc' : 'ordinal desc';
  return sql.query<ClaimRow>(
    `with found as (select * from claims where ${where} order by ${order} limit ${where.value(limit + 1)})
     select c.account, c.epoch, c.root, c.amount, c.cumulative, ${place}
     from found c ${withPlace} order by c.block desc, c.log_index desc`,
    where.values,
  );
}
