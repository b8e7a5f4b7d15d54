// Chains what came into the audit log, about each second. Every instance runs one; a lock in the database lets one at a
// time do the work. Seals first and publishes later, in a loop of its own: the object store may be away for as long as
// it likes, and a crash between the two is made good by whoever looks next.
import { gauge } from '@arena/observe';
import { startLoop } from '@arena/service';
import { sha256 } from '../sha256.js';
import { countWaiting, newestSeal, sealBatch } from '../store/audit-seals.js';
import { startHeadKeeper } from './audit-head-keeper.js';
import type { AuditSealerParts } from './audit-sealer-parts.js';

const EVERY_MS = 1_000;
/** A few milliseconds of hashing, and a transaction that is over before anybody misses the connection. */
const BATCH = 500;

export function startAuditSealer(parts: AuditSealerParts): void {
  const { database, now, log, shutdown, registry } = parts;
  const keeper = startHeadKeeper(parts);

  startLoop({
    name: 'audit-sealer',
    everyMs: EVERY_MS,
    log,
    shutdown,
    async work() {
      const sealed = await sealBatch(database, sha256, now(), BATCH);
      if (sealed > 0) keeper.wake();
      return sealed === BATCH ? 0 : EVERY_MS;
    },
  });

  gauge(registry, {
    name: 'audit_unsealed_entries',
    help: 'Entries of the audit log that are not yet chained',
    collect: () => countWaiting(database.read),
  });
  gauge(registry, {
    name: 'audit_seconds_since_seal',
    help: 'Age of the newest link of the audit log; means trouble only while entries are unsealed',
    async collect() {
      const newest = await newestSeal(database.read);
      return newest ? (now().getTime() - newest.sealedAt.getTime()) / 1_000 : 0;
    },
  });
}
