import { routes, type RouteName } from '@arena/contracts';
import {
  createParamDecorator,
  HttpCode,
  RequestMapping,
  RequestMethod,
  SetMetadata,
  type ExecutionContext,
} from '@nestjs/common';
import type { Call, HandlerAnswer } from './call.js';
import { ROUTE, type RouteRequest } from './route-request.js';

const TheCall = createParamDecorator(
  (_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<RouteRequest>().call,
);

/** Binds a method to a row of the route table: path, checks, shapes, limits and documentation all come from there. */
export const Handles =
  <N extends RouteName>(name: N) =>
  // A handler asks for the transaction type of its own service; `never` fits each of them.
  <M extends (call: Call<N, never>) => Promise<HandlerAnswer<N>> | HandlerAnswer<N>>(
    target: object,
    key: string,
    descriptor: TypedPropertyDescriptor<M>,
  ): void => {
    const { method, path, status } = routes[name];
    RequestMapping({ path, method: RequestMethod[method] })(target, key, descriptor);
    HttpCode(status)(target, key, descriptor);
    SetMetadata(ROUTE, name)(target, key, descriptor);
    TheCall()(target, key, 0);
  };
