import { describe, expect, it } from 'vitest';
import { createLogger, type Logger } from './logger.js';
import { nestLogger } from './nest-logger.js';
import { runWithTrace } from '../tracing/spans.js';

function captured(write: (log: Logger) => unknown): Record<string, unknown>[] {
  const lines: string[] = [];
  write(createLogger({ service: 'test', level: 'debug', destination: { write: line => lines.push(line) } }));
  return lines.map(line => JSON.parse(line) as Record<string, unknown>);
}

describe('a log line', () => {
  it('is JSON with the service, the level by name and an ISO time', () => {
    const [line] = captured(log => log.warn({ n: 1 }, 'hello'));
    expect(line).toMatchObject({ service: 'test', level: 'warn', msg: 'hello', n: 1 });
    expect(new Date(String(line?.['time'])).toISOString()).toBe(line?.['time']);
  });

  it('carries the ids of the trace that it belongs to', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const lines: Record<string, unknown>[] = [];
    await runWithTrace({ traceparent }, () => lines.push(...captured(log => log.info('x'))));
    expect(lines[0]).toMatchObject({ trace_id: '0af7651916cd43dd8448eb211c80319c', span_id: 'b7ad6b7169203331' });
    expect(captured(log => log.info('x'))[0]).not.toHaveProperty('trace_id');
  });

  it('shows an error with its code, its details and the whole chain of causes', () => {
    const root = Object.assign(new Error('connection refused'), { code: 'ECONNREFUSED', request: { huge: true } });
    const error = Object.assign(new TypeError('cannot save', { cause: root }), { details: { wei: 10n } });
    const [line] = captured(log => log.error({ err: error, task: 'a' }, 'failed'));
    expect(line).toMatchObject({
      msg: 'failed',
      task: 'a',
      err: { type: 'TypeError', message: 'cannot save', details: { wei: '10' } },
    });
    expect(line?.['err']).toHaveProperty('cause.code', 'ECONNREFUSED');
    expect(line?.['err']).toHaveProperty('cause.stack');
    expect(line?.['err']).not.toHaveProperty('cause.request');
  });

  it('shows an error that was logged alone, and each error of an aggregate', () => {
    const [line] = captured(log => log.error(new AggregateError([new Error('one'), new Error('two')], 'all failed')));
    expect(line).toMatchObject({ msg: 'all failed', err: { errors: [{ message: 'one' }, { message: 'two' }] } });
  });

  it('stays small and ends for data that is huge or runs in a circle', () => {
    const circle: Record<string, unknown> = { bytes: Buffer.alloc(9) };
    circle['self'] = [circle, new Map([['again', circle]])];
    const wide = { rows: Array.from({ length: 100_000 }, (_, n) => ({ n })) };
    const lines = captured(log => log.info({ circle, wide }, 'x'));
    expect(JSON.stringify(lines).length).toBeLessThan(20_000);
    expect(lines[0]).toHaveProperty('circle.bytes', '[9 bytes]');
  });
});

describe('nestLogger', () => {
  it('keeps the class as context, the stack of an error, and quietens the wiring', () => {
    const lines = captured(log => {
      const nest = nestLogger(log);
      nest.log('started', 'Main');
      nest.log('Mapped {/x, GET}', 'RouterExplorer');
      nest.error('broke', 'Error: broke\n    at here', 'Jobs');
      nest.warn({ odd: 1 });
    });
    expect(lines).toMatchObject([
      { level: 'info', msg: 'started', context: 'Main' },
      { level: 'debug', context: 'RouterExplorer' },
      { level: 'error', msg: 'broke', context: 'Jobs', stack: 'Error: broke\n    at here' },
      { level: 'warn', said: { odd: 1 } },
    ]);
  });
});
