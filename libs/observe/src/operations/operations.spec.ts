import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { gauge } from '../metrics/gauge.js';
import { httpMetrics, jobMetrics } from '../metrics/red.js';
import { createRegistry } from '../metrics/registry.js';
import { type Operations, type OperationsOptions, startOperations } from './operations.js';

const started: Operations[] = [];
afterEach(() => Promise.all(started.splice(0).map(operations => operations.close())));

async function start(options: Partial<OperationsOptions> = {}): Promise<Operations> {
  const operations = await startOperations({ port: 0, registry: createRegistry('test'), checks: {}, ...options });
  started.push(operations);
  return operations;
}

async function get(operations: Operations, path: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(operations.url + path);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

describe('/readyz', () => {
  it('is 200 when every check passes, and lists them', async () => {
    const operations = await start({ checks: { db: async () => 1, redis: async () => 'PONG' } });
    expect(await get(operations, '/readyz')).toMatchObject({
      status: 200,
      body: { status: 'ready', checks: { db: { ok: true }, redis: { ok: true } } },
    });
  });

  it('is 503 when one check fails, says which and why, and shows no password', async () => {
    const refused = () => Promise.reject(new Error('connect postgres://u:canary@h failed'));
    const operations = await start({ checks: { db: refused, redis: async () => 1 } });
    const { status, body } = await get(operations, '/readyz');
    expect({ status, ready: body['status'] }).toEqual({ status: 503, ready: 'not ready' });
    expect(body).toMatchObject({ checks: { db: { ok: false }, redis: { ok: true } } });
    expect(JSON.stringify(body)).toContain('connect postgres');
    expect(JSON.stringify(body)).not.toContain('canary');
  });

  it('is 503 when a check hangs or throws at once, without waiting for it longer than its limit', async () => {
    const hangs = () => new Promise<never>(() => {});
    const throws = () => {
      throw new Error('at once');
    };
    const operations = await start({ checks: { hangs, throws }, checkTimeoutMs: 30 });
    expect(await get(operations, '/readyz')).toMatchObject({
      status: 503,
      body: { checks: { hangs: { error: 'no answer within 30 ms' }, throws: { error: 'at once' } } },
    });
  });

  it('is 503 from the moment of draining, while /healthz stays 200', async () => {
    const operations = await start({ checks: { db: async () => 1 } });
    operations.drain();
    expect(await get(operations, '/readyz')).toMatchObject({ status: 503, body: { status: 'draining' } });
    expect((await get(operations, '/healthz')).status).toBe(200);
  });
});

describe('/healthz', () => {
  it('does not depend on the checks', async () => {
    const operations = await start({ checks: { db: () => Promise.reject(new Error('away')) } });
    expect(await get(operations, '/healthz')).toMatchObject({ status: 200, body: { status: 'alive' } });
  });

  it('is 503 when the event loop has stood still', async () => {
    const operations = await start({ maxLoopDelayMs: 100 });
    await new Promise(resolve => setTimeout(resolve, 50));
    const until = performance.now() + 300;
    while (performance.now() < until);
    await new Promise(resolve => setTimeout(resolve, 50));
    expect(await get(operations, '/healthz')).toMatchObject({ status: 503, body: { status: 'stuck' } });
  });
});

describe('/metrics', () => {
  it('shows requests, jobs, gauges and the process in the format of Prometheus', async () => {
    const registry = createRegistry('task-service');
    httpMetrics(registry).observe({ route: '/v1/tasks/{task}', method: 'GET', status: 200, seconds: 0.004 });
    jobMetrics(registry).observe({ queue: 'q', name: 'task.opened.v1', outcome: 'dead', seconds: 2 });
    gauge(registry, { name: 'outbox_open', help: 'Open rows', collect: async () => 7 });
    gauge(registry, {
      name: 'dead_letters',
      help: 'By queue',
      labels: ['queue'],
      collect: () => [{ labels: { queue: 'a' }, value: 3 }],
    });
    const operations = await start({ registry });
    const response = await fetch(`${operations.url}/metrics`);
    expect(response.headers.get('content-type')).toContain('text/plain');
    const text = await response.text();
    expect(text).toMatch(
      /http_request_duration_seconds_count\{.*route="\/v1\/tasks\/\{task\}",method="GET",status="200"\} 1/,
    );
    expect(text).toMatch(/job_duration_seconds_sum\{.*queue="q",name="task.opened.v1",outcome="dead"\} 2/);
    expect(text).toContain('outbox_open{service="task-service"} 7');
    expect(text).toContain('dead_letters{queue="a",service="task-service"} 3');
    expect(text).toContain('process_cpu_seconds_total');
  });

  it('survives a gauge whose source is away', async () => {
    const registry = createRegistry('x');
    gauge(registry, { name: 'away', help: 'x', collect: () => Promise.reject(new Error('away')) });
    gauge(registry, { name: 'here', help: 'x', collect: () => 1 });
    const text = await (await fetch(`${(await start({ registry })).url}/metrics`)).text();
    expect(text).toContain('here{service="x"} 1');
    expect(text).toContain('away{service="x"} Nan');
  });
});

it('answers 404 and 405 to what it does not have', async () => {
  const operations = await start();
  expect((await get(operations, '/toString')).status).toBe(404);
  expect((await fetch(`${operations.url}/healthz`, { method: 'POST' })).status).toBe(405);
});

it('says in one line what to do when its port is taken', async () => {
  const other = createServer();
  await new Promise<void>(resolve => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  await expect(start({ port })).rejects.toThrow(`METRICS_PORT ${port} on 127.0.0.1 is taken`);
  other.close();
});
