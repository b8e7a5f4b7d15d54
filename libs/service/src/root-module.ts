import type { ServiceName } from '@arena/contracts';
import { HTTP_LOGGER, HTTP_PARTS, ProblemFilter, RoutePipeline, type HttpParts } from '@arena/http';
import type { DynamicModule, Type } from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR } from '@nestjs/core';
import type { Process } from './process.js';
import { CLOCK, DATABASE, ENV, LOG, REGISTRY, SERVICE, SHUTDOWN, type Clock } from './tokens.js';

class ServiceParts {}
class Root {}

export interface RootParts extends HttpParts {
  name: ServiceName;
  env: unknown;
  clock: Clock;
  process: Process;
}

/** The app's own module, and around it what every service has. */
export function rootModule(app: Type, { name, env, clock, process, ...http }: RootParts): DynamicModule {
  const values = [
    [SERVICE, name],
    [ENV, env],
    [CLOCK, clock],
    [DATABASE, http.database],
    [LOG, process.log],
    [REGISTRY, process.registry],
    [SHUTDOWN, process.shutdown],
    [HTTP_PARTS, http],
    [HTTP_LOGGER, process.log],
  ] as const;
  const parts: DynamicModule = {
    module: ServiceParts,
    global: true,
    providers: values.map(([provide, useValue]) => ({ provide, useValue })),
    exports: values.map(([provide]) => provide),
  };
  return {
    module: Root,
    imports: [parts, app],
    providers: [
      { provide: APP_INTERCEPTOR, useClass: RoutePipeline },
      { provide: APP_FILTER, useClass: ProblemFilter },
    ],
  };
}
