// Who calls, whether there is room for one more call of theirs, and whether they may.
import { nameOf, refusal, type Authenticator, type Caller } from '@arena/auth';
import type { RouteSpec } from '@arena/contracts';
import { DomainError } from '@arena/problem';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Limiter } from './limiter.js';
import { applyLimit } from './rate-limit-headers.js';

export interface Gate {
  authenticator: Authenticator;
  limiter: Limiter;
}

export async function admit(
  { authenticator, limiter }: Gate,
  spec: RouteSpec,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Caller> {
  const caller = await authenticator.authenticate(credentials(request)).catch(async (error: unknown) => {
    // Guessing keys is charged to the address that guesses.
    if (error instanceof DomainError) applyLimit(reply, await limiter.take('auth', request.ip));
    throw error;
  });
  applyLimit(reply, await limiter.take(spec.limit, whoCounts(caller, request)));
  return allowed(spec, caller);
}

/** Whether a request that was let in would be let in now. */
export const readmit = async ({ authenticator }: Gate, spec: RouteSpec, request: FastifyRequest): Promise<void> =>
  void allowed(spec, await authenticator.authenticate(credentials(request)));

/** To whom a call is charged: without a credential, to the address. */
export const whoCounts = (caller: Caller, { ip }: FastifyRequest): string =>
  caller.kind === 'anonymous' ? ip : nameOf(caller);

function allowed(spec: RouteSpec, caller: Caller): Caller {
  const refused = refusal(spec.access, caller);
  if (refused) throw new DomainError(refused);
  return caller;
}

function credentials({ headers }: FastifyRequest) {
  const apiKey = headers['flock-api-key'];
  return { authorization: headers.authorization, 'flock-api-key': Array.isArray(apiKey) ? apiKey.join() : apiKey };
}
