// The whole log in pages, for whoever checks it. Plain SQL over any connection that may read: the command that
// verifies runs without the service.
import type { Sql } from '@arena/db';
import type { Link } from '../core/audit-chain.js';
import type { StoredLink } from '../core/audit-check.js';
import { entryColumns, toEntry, type EntryRow } from './audit-columns.js';

type LinkRow = EntryRow & Omit<Link, 'sequence'> & { sequence: bigint; found: boolean };

const LINKS = 500;
const ENTRIES = 5_000;
const LOWEST = { sequence: '-9223372036854775808', id: '00000000-0000-0000-0000-000000000000' };

/** Every link in the order of its number, a doubled number included. */
export async function* storedLinks(sql: Sql): AsyncGenerator<StoredLink[]> {
  let { sequence, id: entry } = LOWEST;
  for (;;) {
    const rows = await sql.query<LinkRow>(
      `select s.sequence, s.entry, s.previous, s.hash, e.id is not null as found, ${entryColumns}
       from audit_seals s left join audit_entries e on e.id = s.entry
       where (s.sequence, s.entry) > ($1::bigint, $2::uuid) order by s.sequence, s.entry limit ${LINKS}`,
      [sequence, entry],
    );
    const last = rows.at(-1);
    if (!last) return;
    yield rows.map(toLink);
    [sequence, entry] = [String(last.sequence), last.entry];
  }
}

const toLink = ({ sequence, entry, previous, hash, found, ...content }: LinkRow): StoredLink => ({
  ...{ sequence: Number(sequence), entry, previous, hash },
  content: found ? toEntry(content) : null,
});

/** Ids of entries from before `since` that have no link. */
export async function* unsealedEntries(sql: Sql, since: Date): AsyncGenerator<string[]> {
  let last = LOWEST.id;
  for (;;) {
    const rows = await sql.query<{ id: string; unsealed: boolean }>(
      `select e.id, s.entry is null and e.recorded_at < $2::timestamptz as unsealed
       from audit_entries e left join audit_seals s on s.entry = e.id
       where e.id > $1::uuid order by e.id limit ${ENTRIES}`,
      [last, since],
    );
    yield rows.filter(row => row.unsealed).map(row => row.id);
    const end = rows.at(-1);
    if (!end) return;
    last = end.id;
  }
}
