import { IdentityHandlers } from '@arena/service';
import { Module } from '@nestjs/common';

@Module({ controllers: [IdentityHandlers] })
export class AppModule {}
