import type { Logger, Shutdown } from '@arena/observe';
import { CLOCK, DATABASE, ENV, LOG, SHUTDOWN, startLoop, type Clock } from '@arena/service';
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { Env } from '../env.js';
import { DATASET_FILES, type DatasetFiles } from '../files/dataset-files.js';
import type { TaskDatabase } from '../store/database.js';
import { abortOrphans, clearLeftovers, expireUploads } from './dataset-sweeper.js';
import { verifyNext } from './dataset-verifier.js';

/** Any number of instances may run these: rows are taken with locks that die with their process. */
@Injectable()
export class DatasetLoops implements OnApplicationBootstrap {
  constructor(
    @Inject(DATABASE) private readonly database: TaskDatabase,
    @Inject(DATASET_FILES) private readonly files: DatasetFiles,
    @Inject(ENV) private readonly env: Env,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Logger,
    @Inject(SHUTDOWN) private readonly shutdown: Shutdown,
  ) {}

  onApplicationBootstrap(): void {
    const { database, files, clock, log, shutdown } = this;
    const parts = { database, files, clock, log };
    const stopping = new AbortController();
    // Hashing gigabytes must not hold up the end of the process: another instance starts over.
    shutdown.add('workers', 'dataset-verifier reading', () => stopping.abort());
    const verify = async () => ((await verifyNext({ ...parts, stopping: stopping.signal })) ? 0 : 1_000);
    startLoop({ name: 'dataset-verifier', everyMs: 1_000, log, shutdown, work: verify });
    startLoop({
      name: 'dataset-sweeper',
      everyMs: 5_000,
      log,
      shutdown,
      work: async () => {
        await expireUploads(parts);
        await clearLeftovers(parts);
      },
    });
    const orphans = () => abortOrphans(parts, this.env.UPLOAD_SECONDS);
    startLoop({ name: 'dataset-orphans', everyMs: 600_000, log, shutdown, work: orphans });
  }
}
