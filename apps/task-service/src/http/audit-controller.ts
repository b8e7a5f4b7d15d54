import type { AuditVerdict } from '@arena/contracts';
import { decodeCursor, Handles, toPage, type Call } from '@arena/http';
import { CLOCK, DATABASE, type Clock } from '@arena/service';
import { Controller, Inject } from '@nestjs/common';
import { z } from 'zod';
import { instant } from '../core/view.js';
import { AUDIT_HEADS, type AuditHeads } from '../files/audit-heads.js';
import { alsoAgainst, currentHead, verifyAudit } from '../jobs/audit-verification.js';
import { listAudit, type AuditRow } from '../store/audit-list.js';
import type { TaskDatabase, Tx } from '../store/database.js';

const PageKey = z.tuple([z.coerce.date(), z.guid()]);

@Controller()
export class AuditController {
  /** Who asks while a verification runs shares its answer: each reads the whole log. */
  private running: Promise<AuditVerdict> | undefined;

  constructor(
    @Inject(DATABASE) private readonly database: TaskDatabase,
    @Inject(AUDIT_HEADS) private readonly heads: AuditHeads,
    @Inject(CLOCK) private readonly now: Clock,
  ) {}

  @Handles('audit.list')
  async list({ query }: Call<'audit.list', Tx>) {
    const { limit, cursor, from, to, ...filter } = query;
    const [at, id] = decodeCursor(PageKey, cursor) ?? [];
    const rows = await listAudit(
      this.database.read,
      {
        ...filter,
        from: from === undefined ? undefined : new Date(from),
        to: to === undefined ? undefined : new Date(to),
      },
      limit + 1,
      at && id ? { at, id } : undefined,
    );
    return toPage(rows, limit, row => [row.at, row.id], toEntry);
  }

  @Handles('audit.head')
  head(_: Call<'audit.head', Tx>) {
    return currentHead(this.database.read);
  }

  @Handles('audit.verify')
  async verify({ body }: Call<'audit.verify', Tx>) {
    const sql = this.database.read;
    this.running ??= verifyAudit({ sql, heads: this.heads, now: this.now() }).finally(() => (this.running = undefined));
    const verdict = await this.running;
    return body?.head ? alsoAgainst(body.head, verdict, sql) : verdict;
  }
}

const toEntry = ({ seal, at, recordedAt, ...entry }: AuditRow) => ({
  ...entry,
  at: instant(at),
  recordedAt: instant(recordedAt),
  seal: seal && { sequence: Number(seal.sequence), hash: seal.hash, previous: seal.previous },
});
