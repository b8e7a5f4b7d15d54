import { IdentityHandlers } from '@arena/service';
import { Module } from '@nestjs/common';
import { FaucetController } from './http/faucet-controller.js';
import { providers } from './providers.js';

@Module({ controllers: [IdentityHandlers, FaucetController], providers })
export class AppModule {}
