import { IdentityHandlers } from '@arena/service';
import { SeenStakeHandlers, StakeHandlers } from '@arena/stakes';
import { Module } from '@nestjs/common';
import { CommitmentController } from './http/commitment-controller.js';
import { FollowController } from './http/follow-controller.js';
import { QuotaController } from './http/quota-controller.js';
import { SmallController } from './http/small-controller.js';
import { SubmissionController } from './http/submission-controller.js';
import { UploadController } from './http/upload-controller.js';
import { TaskHandlers } from './jobs/task-handlers.js';
import { providers } from './providers.js';

@Module({
  controllers: [
    IdentityHandlers,
    TaskHandlers,
    StakeHandlers,
    SeenStakeHandlers,
    UploadController,
    SmallController,
    QuotaController,
    CommitmentController,
    FollowController,
    SubmissionController,
  ],
  providers,
})
export class AppModule {}
