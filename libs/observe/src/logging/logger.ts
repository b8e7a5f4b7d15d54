import { pino, type DestinationStream, type Level, type Logger as PinoLogger } from 'pino';
import { currentTrace } from '../tracing/trace-context.js';
import { plain } from './plain.js';
import { scrubText } from './scrub-text.js';

export type Logger = PinoLogger;
export type LogLevel = Level | 'silent';

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const satisfies LogLevel[];

export interface LoggerOptions {
  readonly service: string;
  readonly level?: LogLevel;
  /** Standard output, unless a test wants to read the lines. */
  readonly destination?: DestinationStream;
}

/** One JSON object a line, with the ids of the trace that the line belongs to, and without secrets. */
export function createLogger({ service, level = 'info', destination }: LoggerOptions): Logger {
  return pino(
    {
      level,
      base: { service, pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      // `plain` has already made data of errors, with their causes.
      serializers: { err: (data: unknown) => data },
      formatters: { level: label => ({ level: label }), log: plain },
      mixin: traceFields,
      hooks: { streamWrite: scrubText },
    },
    // Not synchronous: a slow reader of the logs must not hold up requests. What is buffered is written at exit.
    destination ?? pino.destination({ fd: 1, sync: false }),
  );
}

function traceFields(): Record<string, string> {
  const trace = currentTrace();
  return trace === undefined ? {} : { trace_id: trace.traceId, span_id: trace.spanId };
}
