import type { INestApplication } from '@nestjs/common';
import type { MicroserviceOptions, NestMicroservice } from '@nestjs/microservices';
import { BullStrategy, type BullStrategyOptions } from './bull-strategy.js';
import { RethrowFilter } from './rethrow.filter.js';

/**
 * Makes an application hybrid: call it before `app.startAllMicroservices()`, which starts the workers or says which
 * handler is wrong. The filter must be there before Nest binds the handlers, so that is put off and done here.
 */
export function connectQueues(app: INestApplication, options: BullStrategyOptions): BullStrategy {
  const strategy = new BullStrategy(options);
  const connected = app.connectMicroservice<MicroserviceOptions>({ strategy }, { deferInitialization: true });
  const microservice = connected as unknown as NestMicroservice;
  microservice.useGlobalFilters(new RethrowFilter());
  microservice.registerListeners();
  microservice.setIsInitialized(true);
  microservice.setIsInitHookCalled(true);
  return strategy;
}
