import type { RouteName } from '@arena/contracts';
import type { Sql } from '@arena/db';
import type { FastifyRequest } from 'fastify';
import type { Call } from './call.js';

/** Where a handler's row of the route table is kept. */
export const ROUTE = 'arena:route';

/** A request that the pipeline has checked carries what its handler gets. */
export interface RouteRequest extends FastifyRequest {
  call?: Omit<Call<RouteName>, 'ifMatch' | 'tx'> & { ifMatch: string | undefined; tx: Sql | undefined };
}
