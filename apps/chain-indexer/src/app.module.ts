import { IdentityHandlers } from '@arena/service';
import { Module } from '@nestjs/common';
import { chainControllers } from './http/controllers.js';
import { providers } from './providers.js';

@Module({ controllers: [IdentityHandlers, ...chainControllers], providers })
export class AppModule {}
