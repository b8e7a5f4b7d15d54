import type { Database, Sql } from '@arena/db';
import { chain, genesis, type Hash } from '../core/audit-chain.js';
import { entryColumns, toEntry, type EntryRow } from './audit-columns.js';

export interface Seal {
  readonly sequence: number;
  readonly hash: string;
  readonly previous: string;
  readonly sealedAt: Date;
}

type SealRow = Omit<Seal, 'sequence'> & { sequence: bigint };

const seals = 'select sequence, hash, previous, sealed_at as "sealedAt" from audit_seals';
const toSeal = (row: SealRow): Seal => ({ ...row, sequence: Number(row.sequence) });

export async function newestSeal(sql: Sql): Promise<Seal | undefined> {
  const [row] = await sql.query<SealRow>(`${seals} order by sequence desc limit 1`);
  return row && toSeal(row);
}

export async function sealsAt(sql: Sql, sequences: readonly number[]): Promise<Map<number, Seal>> {
  const rows = await sql.query<SealRow>(`${seals} where sequence = any($1::bigint[])`, [sequences]);
  return new Map(rows.map(row => [Number(row.sequence), toSeal(row)]));
}

export async function countWaiting(sql: Sql): Promise<number> {
  const [row] = await sql.query<{ count: bigint }>('select count(*) as count from audit_waiting');
  return Number(row?.count ?? 0);
}

/**
 * Chains up to `limit` entries, oldest first, and says how many. An entry that commits later than a younger one comes
 * in a later batch. While another instance seals this one finds nothing to do: two never carry on the same link.
 */
export function sealBatch(database: Database, hash: Hash, now: Date, limit: number): Promise<number> {
  return database.transaction(async tx => {
    const [lock] = await tx.query<{ mine: boolean }>(
      `select pg_try_advisory_xact_lock(hashtext('arena.audit.seal')) as mine`,
    );
    if (!lock?.mine) return 0;
    const rows = await tx.query<EntryRow>(
      `select ${entryColumns} from audit_waiting w join audit_entries e on e.id = w.entry
       where not exists (select from audit_seals s where s.entry = w.entry)
       order by e.at, e.id limit $1`,
      [limit],
    );
    if (rows.length > 0) {
      const links = chain((await newestSeal(tx)) ?? genesis, rows.map(toEntry), hash);
      await tx.query(
        `insert into audit_seals (sequence, entry, previous, hash, sealed_at)
         select link.*, $5::timestamptz from unnest($1::bigint[], $2::uuid[], $3::text[], $4::text[]) as link`,
        [
          links.map(link => link.sequence),
          links.map(link => link.entry),
          links.map(link => link.previous),
          links.map(link => link.hash),
          now,
        ],
      );
      await tx.query('delete from audit_waiting where entry = any($1::uuid[])', [links.map(link => link.entry)]);
    }
    return rows.length;
  });
}
