import { IdentityHandlers } from '@arena/service';
import { Module } from '@nestjs/common';
import { TaskHandlers } from './jobs/task-handlers.js';

@Module({ controllers: [IdentityHandlers, TaskHandlers] })
export class AppModule {}
