import { StakeHandlers } from '@arena/stakes';
import { Module } from '@nestjs/common';
import { AccountController } from './http/account-controller.js';
import { AuditController } from './http/audit-controller.js';
import { AuthController } from './http/auth-controller.js';
import { DatasetController } from './http/dataset-controller.js';
import { DatasetUploadController } from './http/dataset-upload-controller.js';
import { KeyController } from './http/key-controller.js';
import { TaskController } from './http/task-controller.js';
import { ChainFollower } from './jobs/chain-follower.js';
import { MessageHandlers } from './jobs/message-handlers.js';
import { providers } from './providers.js';

@Module({
  controllers: [
    AuthController,
    AccountController,
    KeyController,
    TaskController,
    DatasetController,
    DatasetUploadController,
    AuditController,
    MessageHandlers,
    StakeHandlers,
    ChainFollower,
  ],
  providers,
})
export class AppModule {}
