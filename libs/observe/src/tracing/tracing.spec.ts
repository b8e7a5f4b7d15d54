import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { injectTrace, runWithTrace, withSpan } from './spans.js';
import { startTelemetry, type Telemetry } from './telemetry.js';
import { traceId } from './trace-context.js';

const parent = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };
const parentTrace = '0af7651916cd43dd8448eb211c80319c';

function rules(): void {
  it('there is no trace id outside of any request', () => {
    expect(traceId()).toBeUndefined();
    expect(injectTrace()).toEqual({});
  });

  it('a request without a trace gets one, the same in all that it awaits', async () => {
    await runWithTrace({}, async () => {
      const id = traceId();
      expect(id).toMatch(/^[0-9a-f]{32}$/);
      await new Promise(resolve => setTimeout(resolve, 1));
      expect(traceId()).toBe(id);
      await withSpan('inner', {}, () => expect(traceId()).toBe(id));
    });
  });

  it('the trace of the sender goes on, through a message to the next', async () => {
    const carrier = await runWithTrace(parent, () => injectTrace());
    expect(carrier['traceparent']).toContain(parentTrace);
    await runWithTrace(carrier, () => expect(traceId()).toBe(parentTrace));
  });

  it.each(['', 'nonsense', `00-${'0'.repeat(32)}-b7ad6b7169203331-01`, `00-${parentTrace}-${'0'.repeat(16)}-01`])(
    'a broken traceparent (%s) begins a new trace',
    async traceparent => {
      await runWithTrace({ traceparent }, () => expect(traceId()).toMatch(/^(?!0{32})[0-9a-f]{32}$/));
      await runWithTrace({ traceparent }, () => expect(traceId()).not.toBe(parentTrace));
    },
  );

  it('two requests at once keep their own ids', async () => {
    const ids = await Promise.all([1, 2, 3].map(() => runWithTrace({}, async () => traceId())));
    expect(new Set(ids).size).toBe(3);
  });

  it('an error goes through unchanged', async () => {
    const error = new Error('x');
    await expect(withSpan('x', {}, () => Promise.reject(error))).rejects.toBe(error);
  });
}

describe('without OpenTelemetry', () => {
  beforeAll(() => startTelemetry({ service: 'test' }));
  rules();
});

describe('with OpenTelemetry', () => {
  const bodies: string[] = [];
  const collector = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      bodies.push(`${request.url} ${Buffer.concat(chunks).toString()}`);
      response.end('{}');
    });
  });
  let telemetry: Telemetry;

  beforeAll(async () => {
    await new Promise<void>(resolve => collector.listen(0, '127.0.0.1', resolve));
    const endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}/`;
    telemetry = await startTelemetry({ service: 'span-test', endpoint });
  });
  afterAll(() => collector.close());

  rules();

  it('sends named spans of one trace to the collector, without secrets', async () => {
    await runWithTrace(
      parent,
      async annotate => {
        annotate({ 'http.response.status_code': 200 });
        const failing = withSpan('save rows', { rows: 2 }, () => {
          throw new Error('cannot reach postgres://u:canary-9@h/d');
        });
        await expect(failing).rejects.toThrow('canary-9');
      },
      { name: 'GET /v1/tasks/{task}', kind: 'server' },
    );
    await telemetry.stop();

    const sent = bodies.join('\n');
    expect(sent).toMatch(/^\/v1\/traces /);
    for (const part of ['span-test', 'GET /v1/tasks/{task}', 'save rows', 'http.response.status_code']) {
      expect(sent).toContain(part);
    }
    expect(sent).not.toContain('canary-9');
  });
});
