// Keeps the newest head of the audit log outside the database, and says it in the log now and then: a second place
// that whoever rewrites the database would have to rewrite too.
import { crashPoint } from '@arena/db';
import { gauge } from '@arena/observe';
import { startLoop, type Loop } from '@arena/service';
import { genesis } from '../core/audit-chain.js';
import { newestSeal, type Seal } from '../store/audit-seals.js';
import type { AuditSealerParts } from './audit-sealer-parts.js';

const EVERY_MS = 1_000;
const LOG_EVERY_MS = 60_000;

export function startHeadKeeper({ database, heads, now, log, shutdown, registry }: AuditSealerParts): Loop {
  /** The newest head that is surely outside; nothing is known of what an earlier process kept. */
  let kept = genesis.sequence;
  let said = { sequence: genesis.sequence, at: -Infinity };
  let contradictions = 0;
  let waitingSince: Date | undefined;

  function alarm(newest: Seal | undefined, message: string): void {
    contradictions += 1;
    log.fatal({ sequence: newest?.sequence ?? 0, hash: newest?.hash, kept }, message);
  }

  function say(newest: Seal): void {
    if (newest.sequence === said.sequence || now().getTime() - said.at < LOG_EVERY_MS) return;
    said = { sequence: newest.sequence, at: now().getTime() };
    log.info({ sequence: newest.sequence, hash: newest.hash }, 'the head of the audit log');
  }

  async function keepNewest(): Promise<void> {
    const newest = await newestSeal(database.read);
    const sequence = newest?.sequence ?? genesis.sequence;
    if (sequence < kept) alarm(newest, 'the audit log ends before a head that was kept: it was cut short');
    if (newest) say(newest);
    if (newest && sequence > kept) {
      waitingSince = newest.sealedAt;
      crashPoint('audit.head');
      const outcome = await heads.keep({ sequence, hash: newest.hash, at: newest.sealedAt.toISOString() });
      if (outcome === 'contradicted')
        alarm(newest, 'another head of this number is kept outside: the audit log was rewritten');
    }
    waitingSince = undefined;
    kept = sequence;
  }

  gauge(registry, {
    name: 'audit_head_contradictions',
    help: 'Times that the audit log contradicted a head kept outside: somebody rewrote it, or restored an old copy',
    collect: () => contradictions,
  });
  gauge(registry, {
    name: 'audit_head_waiting_seconds',
    help: 'How long the newest head has waited to be kept outside; 0 when it is',
    collect: () => (waitingSince ? (now().getTime() - waitingSince.getTime()) / 1_000 : 0),
  });
  return startLoop({ name: 'audit-head-keeper', everyMs: EVERY_MS, log, shutdown, work: keepNewest });
}
