import { startFaultProxy } from '@arena/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Raw, Refused, scriptedNode, type Script, type ScriptedNode } from '../fixture/scripted-node.js';
import { endpoint, quantity, RpcError } from '../index.js';

let node: ScriptedNode;
beforeEach(async () => void (node = await scriptedNode()));
afterEach(() => node.close());

const failure = (promise: Promise<unknown>) => promise.then(() => undefined, (error: unknown) => error as RpcError); // prettier-ignore
const ask = (over: object = {}) => endpoint({ url: node.url, ...over });
const logs = { fromBlock: '0x0', toBlock: '0x3e8' };

it('gives what the parser makes of the answer', async () => {
  node.says(({ params }) => params[0]);
  expect(await ask().call('eth_echo', ['0x10'], quantity)).toBe(16);
  expect(await ask().call('eth_echo', ['0x10'], raw => `as it is: ${String(raw)}`)).toBe('as it is: 0x10');
});

it('gives answers of a batch in the order of the questions, however many requests it takes', async () => {
  node.says(({ params }) => params[0]);
  const questions = Array.from({ length: 7 }, (_, n) => ({ method: 'eth_echo', params: [`0x${n}`] }));
  expect(await ask({ maxBatch: 3 }).batch(questions, quantity)).toEqual([0, 1, 2, 3, 4, 5, 6]);
});

describe('a fault', () => {
  const faults: [string, Script, string, RegExp][] = [
    ['null where there must be something', () => null, 'bad-answer', /what it should not be/],
    ['HTML with status 200', () => new Raw(200, '<html>'), 'bad-answer', /no JSON-RPC/],
    ['the answer to another question', () => new Raw(200, '{"id":999,"result":"0x1"}'), 'bad-answer', /another/],
    ['nothing', ({ id }) => new Raw(200, JSON.stringify({ id })), 'bad-answer', /with nothing/],
    ['a bad gateway', () => new Raw(502, 'bad gateway'), 'unreachable', /bad gateway/],
    ['a redirect', () => new Raw(302, '', { location: 'http://127.0.0.1:1' }), 'unreachable', /cannot be reached/],
    ['too many requests', () => new Raw(429, '', { 'retry-after': '7' }), 'rate-limited', /429/],
    ['a refusal', () => new Refused(-32000, 'nonce too low'), 'rpc-error', /nonce too low/],
    ['a broken connection', (_, response) => void response.destroy(), 'unreachable', /cannot be reached/],
  ];
  it.each(faults)('by %s has its kind', async (_what, script, kind, words) => {
    node.says(script);
    const error = await failure(ask().call('eth_blockNumber', [], quantity));
    expect(error).toBeInstanceOf(RpcError);
    expect(error).toMatchObject({ kind, message: expect.stringMatching(words) as string });
  });

  it('by silence is a timeout', async () => {
    const proxy = await startFaultProxy({ target: node.url });
    proxy.pause();
    const silent = endpoint({ url: `http://127.0.0.1:${proxy.port}/`, timeoutMs: 100 });
    expect(await failure(silent.call('eth_blockNumber', [], quantity))).toMatchObject({ kind: 'timeout' });
    await proxy.close();
  });

  it('keeps what a revert returned', async () => {
    node.says(() => new Refused(3, 'execution reverted', '0x1234'));
    expect(await failure(ask().call('eth_call', [], z.string()))).toMatchObject({ code: 3, data: '0x1234' });
  });

  it('names a range that would work', async () => {
    node.says(() => new Refused(-32602, 'range 1000 exceeds limit of 100'));
    const error = await failure(ask().call('eth_getLogs', [logs], z.array(z.unknown())));
    expect(error).toMatchObject({ kind: 'range-too-large', suggested: { from: 0, to: 99 } });
  });

  it('reads what Tenderly hides beside its message', async () => {
    node.says(() => new Refused(-32602, 'invalid params', { payload: 'range 1000 is bigger than range limit 20' }));
    const error = await failure(ask().call('eth_getLogs', [logs], z.array(z.unknown())));
    expect(error).toMatchObject({ kind: 'range-too-large', suggested: { from: 0, to: 19 } });
  });

  it('of one question in a batch fails the batch', async () => {
    node.says(({ params }) => (params[0] === 1 ? new Refused(-32000, 'no such thing') : '0x1'));
    const questions = [0, 1].map(n => ({ method: 'eth_echo', params: [n] }));
    expect(await failure(ask().batch(questions, quantity))).toMatchObject({ kind: 'rpc-error' });
  });
});

it('does not read an answer beyond its limit, and takes that for a range of logs that is too large', async () => {
  node.says(() => 'x'.repeat(100_000));
  const small = ask({ maxBytes: 50_000 });
  expect(await failure(small.call('eth_getLogs', [logs], z.string()))).toMatchObject({ kind: 'range-too-large' });
  expect(await failure(small.call('eth_call', [], z.string()))).toMatchObject({ kind: 'bad-answer' });
});

it('never says a key, neither its own nor one that the node repeats', async () => {
  const limited = ask();
  node.says(() => new Refused(-32000, `limit of ${node.url} reached for secret-key, secret-token`));
  const error = await failure(limited.call('eth_call', [], quantity));
  expect(`${limited.name} ${error?.message}`).not.toMatch(/secret/);
});
