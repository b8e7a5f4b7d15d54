import type { RouteName } from '@arena/contracts';
import type { Sql } from '@arena/db';
import type { FastifyRequest } from 'fastify';
import type { Call } from './call.js';

/** Where a handler's row of the route table is kept. */
export const ROUTE = 'arena:route';

/** What a stream's handler gets beyond the rest. */
export interface Following {
  lastEventId?: string | undefined;
  signal?: AbortSignal;
}

/** A call before its route is known. */
export type Handed = Omit<Call<RouteName>, 'ifMatch' | 'tx' | 'body' | keyof Following> &
  Following & { ifMatch: string | undefined; tx: Sql | undefined; body: unknown };

/** A request that the pipeline has checked carries what its handler gets. */
export interface RouteRequest extends FastifyRequest {
  call?: Handed;
  /** Until the answer began, where it is one that goes on for as long as its follower stays. */
  answeredAfterMs?: number;
}
