// What the controllers and loops of submission-service are made of.
import type { Logger, Shutdown } from '@arena/observe';
import { DATABASE, ENV, LOG, SHUTDOWN } from '@arena/service';
import type { Provider } from '@nestjs/common';
import type { Env } from './env.js';
import { openOriginalFiles, ORIGINAL_FILES } from './files/original-files.js';
import { CHANGES, openChanges } from './jobs/changes.js';
import { intakeProvider } from './jobs/intake/loops.js';
import { UploadLoops } from './jobs/upload-loops.js';
import type { SubmissionDatabase } from './store/database.js';
import { changedSince } from './store/submission-reads.js';

export const providers: Provider[] = [
  { provide: ORIGINAL_FILES, inject: [ENV], useFactory: openOriginalFiles },
  {
    provide: CHANGES,
    inject: [ENV, DATABASE, LOG, SHUTDOWN],
    useFactory: (env: Env, database: SubmissionDatabase, log: Logger, shutdown: Shutdown) => {
      const changes = openChanges({
        url: env.DATABASE_URL,
        look: known => changedSince(database.read, known),
        onError: err => log.warn({ err }, 'following submissions'),
      });
      // Whoever waits is answered now, or the server would wait for them.
      shutdown.add('http', 'followed submissions', () => changes.close());
      return changes;
    },
  },
  UploadLoops,
  intakeProvider,
];
