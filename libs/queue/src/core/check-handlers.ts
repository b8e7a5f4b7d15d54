import { isMessageName, recipients, routedTo, type ServiceName } from '@arena/contracts';

export interface HandlerCount {
  readonly pattern: string;
  readonly count: number;
  /** Registered with @EventPattern; the other kind would wait for an answer that a queue never gives. */
  readonly event: boolean;
}

/** What keeps a service from starting, each line with what to do about it. */
export function handlerFaults(service: ServiceName, handlers: readonly HandlerCount[]): string[] {
  const handled = new Set(handlers.map(handler => handler.pattern));
  const missing = routedTo(service).filter(name => !handled.has(name));
  return [
    ...handlers.flatMap(handler => fault(service, handler)),
    ...missing.map(
      name =>
        `no handler for ${name}: add @EventPattern('${name}') to a controller of ${service}, or take ${service} out of its row in routing.ts`,
    ),
  ];
}

function fault(service: ServiceName, { pattern, count, event }: HandlerCount): string[] {
  if (!isMessageName(pattern))
    return [`a handler for ${pattern}, which is no message: add it to libs/contracts/src/messages`];
  if (!event) return [`the handler for ${pattern} must be an @EventPattern, not a @MessagePattern`];
  if (!recipients(pattern).includes(service)) {
    return [`a handler for ${pattern}, which nobody routes to ${service}: add '${service}' to its row in routing.ts`];
  }
  return count > 1 ? [`${count} handlers for ${pattern}: keep one`] : [];
}
