import type { AuditFault, AuditHead, AuditVerdict } from '@arena/contracts';
import type { Sql } from '@arena/db';
import { genesis } from '../core/audit-chain.js';
import { checkHead, checkLink, type KeptHead } from '../core/audit-check.js';
import type { AuditHeads, OutsideHead } from '../files/audit-heads.js';
import { sha256 } from '../sha256.js';
import { storedLinks, unsealedEntries } from '../store/audit-reading.js';
import { newestSeal, sealsAt, type Seal } from '../store/audit-seals.js';

export interface VerificationParts {
  /** Any connection that may read the tables of the audit log. */
  sql: Sql;
  heads: AuditHeads;
  now: Date;
}

/** The sealer comes by each second, and publishes within the next: after this long something is wrong. */
const PATIENCE_MS = 60_000;
const SHOWN = 100;
const HEADS = 500;

const headOf = ({ sequence, hash, sealedAt }: Seal): AuditHead => ({ sequence, hash, at: sealedAt.toISOString() });

export async function currentHead(sql: Sql): Promise<AuditHead> {
  const newest = await newestSeal(sql);
  return newest ? headOf(newest) : { sequence: genesis.sequence, hash: genesis.hash, at: null };
}

/** Recomputes the whole log, page by page: memory stays flat, and between pages others have their turn. */
export async function verifyAudit({ sql, heads, now }: VerificationParts): Promise<AuditVerdict> {
  const faults: AuditFault[] = [];
  let faultCount = 0;
  const report = (found: readonly AuditFault[]) => {
    faultCount += found.length;
    faults.push(...found.slice(0, Math.max(0, SHOWN - faults.length)));
  };
  const overdue = new Date(now.getTime() - PATIENCE_MS);

  let checked = 0;
  let tip = genesis;
  for await (const page of storedLinks(sql)) {
    for (const link of page) {
      report(checkLink(tip, link, sha256));
      tip = link;
    }
    checked += page.length;
  }

  for await (const page of unsealedEntries(sql, overdue)) report(page.map(unsealed));

  const newest = (await sealsAt(sql, [tip.sequence])).get(tip.sequence);
  let outsideHeads = 0;
  let lastOutside = genesis.sequence;
  for await (const page of inPages(heads.list(), HEADS)) {
    report(await checkOutside(sql, page, tip.sequence));
    outsideHeads += page.length;
    lastOutside = Math.max(lastOutside, ...page.map(({ sequence }) => sequence ?? lastOutside));
  }
  if (newest && newest.sealedAt < overdue && lastOutside < newest.sequence) report([unpublished(newest)]);

  const head = newest ? headOf(newest) : await currentHead(sql);
  return { intact: faultCount === 0, checked, head, outsideHeads, faultCount, faults };
}

/** Compares with a head that the caller kept. */
export async function alsoAgainst(kept: KeptHead, verdict: AuditVerdict, sql: Sql): Promise<AuditVerdict> {
  const stored = (await sealsAt(sql, [kept.sequence])).get(kept.sequence);
  const found = checkHead(kept, stored?.hash, verdict.head.sequence, 'by you');
  const faults = [...found, ...verdict.faults].slice(0, SHOWN);
  return {
    ...verdict,
    intact: verdict.intact && found.length === 0,
    faultCount: verdict.faultCount + found.length,
    faults,
  };
}

async function checkOutside(sql: Sql, page: readonly OutsideHead[], newest: number): Promise<AuditFault[]> {
  const sequences = page.flatMap(({ sequence }) => sequence ?? []);
  const stored = await sealsAt(sql, sequences);
  const faults = await Promise.all(
    page.map(async outside => {
      const seal = outside.sequence === undefined ? undefined : stored.get(outside.sequence);
      if (seal && outside.holds(headOf(seal))) return [];
      const kept = await outside.read();
      return kept ? checkHead(kept, seal?.hash, newest, 'outside') : [unreadable(outside)];
    }),
  );
  return faults.flat();
}

async function* inPages<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let page: T[] = [];
  for await (const item of items) {
    if (page.push(item) < size) continue;
    yield page;
    page = [];
  }
  yield page;
}

const unsealed = (entry: string): AuditFault => ({
  ...{ kind: 'unsealed', sequence: null, entry },
  what: 'the entry is older than a minute and was never chained',
});

const unpublished = ({ sequence }: Seal): AuditFault => ({
  ...{ kind: 'unpublished', sequence, entry: null },
  what: 'the newest link is older than a minute, and no head outside reaches it',
});

const unreadable = ({ key, sequence }: OutsideHead): AuditFault => ({
  ...{ kind: 'head', sequence: sequence ?? null, entry: null },
  what: `the object ${key} is not a head of this log`,
});
