import type { LoggerService } from '@nestjs/common';
import type { Logger } from './logger.js';

type LineLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace';

/** What Nest says of itself while it wires modules: of use when debugging, noise at each start. */
const chatty: ReadonlySet<string> = new Set(['InstanceLoader', 'NestFactory', 'RouterExplorer', 'RoutesResolver']);

/** Nest's own lines, through our logger. Nest passes the context (the class) last, and a stack before it. */
export function nestLogger(logger: Logger): LoggerService {
  return {
    log: line(logger, 'info'),
    error: line(logger, 'error'),
    warn: line(logger, 'warn'),
    debug: line(logger, 'debug'),
    verbose: line(logger, 'trace'),
    fatal: line(logger, 'fatal'),
  };
}

function line(logger: Logger, level: LineLevel) {
  return (message: unknown, ...rest: unknown[]): void => {
    const last = rest.at(-1);
    const context = typeof last === 'string' && !isStack(last) ? last : undefined;
    const stack = rest.find(isStack);
    const fields = { ...(context === undefined ? {} : { context }), ...(stack === undefined ? {} : { stack }) };
    const at = level === 'info' && chatty.has(context ?? '') ? 'debug' : level;
    if (message instanceof Error) logger[at]({ ...fields, err: message }, message.message);
    else if (typeof message === 'object') logger[at]({ ...fields, said: message });
    else logger[at](fields, String(message));
  };
}

function isStack(value: unknown): value is string {
  return typeof value === 'string' && /\n\s+at /.test(value);
}
