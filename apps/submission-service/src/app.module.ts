import { IdentityHandlers } from '@arena/service';
import { StakeHandlers } from '@arena/stakes';
import { Module } from '@nestjs/common';
import { TaskHandlers } from './jobs/task-handlers.js';

@Module({ controllers: [IdentityHandlers, TaskHandlers, StakeHandlers] })
export class AppModule {}
