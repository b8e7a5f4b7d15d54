import type { Logger, Shutdown } from '@arena/observe';
import { CLOCK, DATABASE, ENV, LOG, SHUTDOWN, startLoop, type Clock } from '@arena/service';
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { Env } from '../env.js';
import { ORIGINAL_FILES, type OriginalFiles } from '../files/original-files.js';
import type { SubmissionDatabase } from '../store/database.js';
import { clearUnwanted, expireUploads, removeOrphans } from './upload-sweeper.js';

@Injectable()
export class UploadLoops implements OnApplicationBootstrap {
  constructor(
    @Inject(DATABASE) private readonly database: SubmissionDatabase,
    @Inject(ORIGINAL_FILES) private readonly files: OriginalFiles,
    @Inject(ENV) private readonly env: Env,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Logger,
    @Inject(SHUTDOWN) private readonly shutdown: Shutdown,
  ) {}

  onApplicationBootstrap(): void {
    const { database, files, clock, log, shutdown } = this;
    const parts = { database, files, clock, log };
    const sweep = async () => {
      await expireUploads(parts);
      await clearUnwanted(parts);
    };
    startLoop({ name: 'upload-sweeper', everyMs: 5_000, log, shutdown, work: sweep });
    const orphans = () => removeOrphans(parts, this.env.UPLOAD_SECONDS);
    startLoop({ name: 'upload-orphans', everyMs: 3_600_000, log, shutdown, work: orphans });
  }
}
