import { routes, type RouteName } from '@arena/contracts';
import type { Sql } from '@arena/db';
import {
  createParamDecorator,
  HttpCode,
  RequestMapping,
  RequestMethod,
  SetMetadata,
  type ExecutionContext,
} from '@nestjs/common';
import type { Call, HandlerAnswer } from './call.js';
import type { RouteRequest } from './pipeline.js';

export const ROUTE = 'arena:route';

const TheCall = createParamDecorator(
  (_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<RouteRequest>().call,
);

/** Binds a method to a row of the route table: path, checks, shapes, limits and documentation all come from there. */
export const Handles =
  <N extends RouteName>(name: N) =>
  <Tx extends Sql>(
    target: object,
    key: string,
    descriptor: TypedPropertyDescriptor<(call: Call<N, Tx>) => Promise<HandlerAnswer<N>> | HandlerAnswer<N>>,
  ): void => {
    const { method, path, status } = routes[name];
    RequestMapping({ path, method: RequestMethod[method] })(target, key, descriptor);
    HttpCode(status)(target, key, descriptor);
    SetMetadata(ROUTE, name)(target, key, descriptor);
    TheCall()(target, key, 0);
  };
