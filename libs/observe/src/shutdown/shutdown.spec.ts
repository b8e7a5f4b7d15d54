import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { createLogger } from '../logging/logger.js';
import { createShutdown, type ShutdownOptions } from './shutdown.js';

function quiet(options: Partial<ShutdownOptions> = {}) {
  const log = createLogger({ service: 'test', level: 'silent', destination: { write: () => {} } });
  return createShutdown({ log, graceMs: 1_000, drainMs: 0, ...options });
}

const later = (ms: number) => new Promise(resolve => setTimeout(resolve, ms));

describe('stop', () => {
  it('runs the phases in order, whatever the order in which steps were added', async () => {
    const shutdown = quiet();
    const ran: string[] = [];
    for (const phase of ['telemetry', 'pools', 'relay', 'workers', 'http', 'readiness'] as const) {
      shutdown.add(phase, 'x', async () => {
        await later(phase === 'telemetry' ? 0 : 5);
        ran.push(phase);
      });
    }
    expect(await shutdown.stop('test')).toBe(0);
    expect(ran).toEqual(['readiness', 'http', 'workers', 'relay', 'pools', 'telemetry']);
  });

  it('waits between readiness and http for the balancers to notice', async () => {
    const shutdown = quiet({ drainMs: 80 });
    const at: number[] = [];
    shutdown.add('readiness', 'drain', () => at.push(performance.now()));
    shutdown.add('http', 'close', () => at.push(performance.now()));
    await shutdown.stop('test');
    expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThan(70);
  });

  it('runs each step once, however often it is asked', async () => {
    const shutdown = quiet();
    let runs = 0;
    shutdown.add('http', 'close', () => (runs += 1));
    await Promise.all([shutdown.stop('a'), shutdown.stop('b')]);
    expect(runs).toBe(1);
  });

  it('goes on after a step that fails or hangs, and answers 1', async () => {
    const shutdown = quiet();
    const ran: string[] = [];
    shutdown.add('http', 'fails', () => {
      throw new Error('x');
    });
    shutdown.add('workers', 'hangs', () => new Promise(() => {}), 20);
    shutdown.add('pools', 'close', () => ran.push('pools'));
    expect(await shutdown.stop('test')).toBe(1);
    expect(ran).toEqual(['pools']);
  });
});

// Signals and crashes are for real processes.
function startProcess(body: string): { child: ChildProcess; output: () => string } {
  const index = JSON.stringify(new URL('../index.ts', import.meta.url).href);
  const script = `
    import { createLogger, createShutdown } from ${index};
    const log = createLogger({ service: 'child' });
    const add = (shutdown, phase, ms) =>
      shutdown.add(phase, phase, () => new Promise(resolve => setTimeout(resolve, ms)));
    ${body}
    setInterval(() => {}, 1000);
    console.log('up');`;
  const args = ['--import', 'tsx', '--input-type=module', '--eval', script];
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: new URL('.', import.meta.url),
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return { child, output: () => text };
}

async function says({ child, output }: ReturnType<typeof startProcess>, text: string): Promise<void> {
  while (!output().includes(text)) {
    if (child.exitCode !== null) throw new Error(`ended without saying ${text}: ${output()}`);
    await later(10);
  }
}

async function exitCode({ child }: { child: ChildProcess }): Promise<number | null> {
  const [code] = (await once(child, 'close')) as [number | null];
  return code;
}

describe('listen', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('on %s ends with 0 after the steps, each phase logged', async signal => {
    const running = startProcess(`
      const shutdown = createShutdown({ log, graceMs: 5000, drainMs: 10 });
      add(shutdown, 'http', 10);
      shutdown.listen();`);
    await says(running, 'up');
    running.child.kill(signal);
    expect(await exitCode(running)).toBe(0);
    for (const phase of ['readiness', 'http', 'workers', 'relay', 'pools', 'telemetry']) {
      expect(running.output()).toContain(`"phase":"${phase}","msg":"shutdown phase"`);
    }
    expect(running.output()).toContain('"msg":"shut down"');
  });

  it('a second signal ends the process at once with 1', async () => {
    const running = startProcess(`
      const shutdown = createShutdown({ log, graceMs: 60000, drainMs: 0 });
      add(shutdown, 'http', 50000);
      shutdown.listen();`);
    await says(running, 'up');
    running.child.kill('SIGTERM');
    await says(running, '"phase":"http"');
    running.child.kill('SIGTERM');
    expect(await exitCode(running)).toBe(1);
    expect(running.output()).toContain('second signal');
  });

  it('the deadline ends the process with 1', async () => {
    const running = startProcess(`
      const shutdown = createShutdown({ log, graceMs: 200, drainMs: 60000 });
      shutdown.listen();`);
    await says(running, 'up');
    running.child.kill('SIGTERM');
    expect(await exitCode(running)).toBe(1);
    expect(running.output()).toContain('shutdown took too long');
  });

  it.each([
    ["setTimeout(() => { throw new Error('boom', { cause: new Error('why') }); }, 50);", 'uncaught exception'],
    [
      "setTimeout(() => void Promise.reject(new Error('boom', { cause: new Error('why') })), 50);",
      'unhandled rejection',
    ],
  ])('logs what nobody caught, with its cause, and ends with 1: %s', async (body, what) => {
    const running = startProcess(`createShutdown({ log, graceMs: 1000 }).listen(); ${body}`);
    expect(await exitCode(running)).toBe(1);
    expect(running.output()).toContain(what);
    expect(running.output()).toContain('"message":"why"');
  });
});
