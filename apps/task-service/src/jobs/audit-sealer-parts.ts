import type { Logger, Registry, Shutdown } from '@arena/observe';
import type { Clock } from '@arena/service';
import type { AuditHeads } from '../files/audit-heads.js';
import type { TaskDatabase } from '../store/database.js';

export interface AuditSealerParts {
  database: TaskDatabase;
  heads: AuditHeads;
  now: Clock;
  log: Logger;
  shutdown: Shutdown;
  registry: Registry;
}
