import { waitFor } from '@arena/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Raw, Refused, scriptedNode, type ScriptedNode } from '../fixture/scripted-node.js';
import { quantity, startProviders, type Providers } from '../index.js';

let one: ScriptedNode;
let two: ScriptedNode;
let chainOfOne: number;
let closing: (() => unknown)[];
let head: { one: string; two: string };

beforeEach(async () => {
  chainOfOne = 31337;
  head = { one: '0x64', two: '0x64' };
  [one, two] = [await scriptedNode(() => chainOfOne), await scriptedNode()];
  one.says(({ method }) => (method === 'eth_blockNumber' ? head.one : '0x1'));
  two.says(({ method }) => (method === 'eth_blockNumber' ? head.two : '0x2'));
  closing = [one.close, two.close];
});
afterEach(() => Promise.all(closing.map(close => close())));

function start(over: object = {}): Providers {
  const providers = startProviders({ urls: [one.url, two.url], chainId: 31337, probeMs: 0, timeoutMs: 500, ...over });
  closing.push(providers.close);
  return providers;
}
const ask = (providers: Providers) => providers.call('eth_ask', [], quantity);

it('asks the first while it is well', async () => {
  const providers = start();
  expect([await ask(providers), await ask(providers)]).toEqual([1, 1]);
  expect(two.asked).toEqual([]);
  expect(providers.health()).toMatchObject([{ state: 'up' }, { state: 'unasked' }]);
});

it('passes over a node that fails, lets it rest, and comes back to it', async () => {
  const providers = start();
  one.says(() => new Raw(502, ''));
  expect(await ask(providers)).toBe(2);
  const until = one.asked.length;
  expect(await ask(providers)).toBe(2);
  expect(one.asked).toHaveLength(until);
  expect(providers.health()[0]).toMatchObject({ state: 'failing', failures: 1, lastFault: 'unreachable' });
  one.says(() => '0x1');
  await waitFor(async () => (await ask(providers)) === 1);
  expect(providers.health()[0]).toMatchObject({ state: 'up', failures: 0 });
});

it('takes a null for a fault of the node', async () => {
  one.says(() => null);
  expect(await ask(start())).toBe(2);
});

it.each([
  ['a refusal', new Refused(3, 'execution reverted'), 'eth_call', 'rpc-error'],
  [
    'a range that is too large',
    new Refused(-32005, 'query returned more than 10 results'),
    'eth_getLogs',
    'range-too-large',
  ],
])('does not look elsewhere for another answer than %s', async (_what, refusal, method, kind) => {
  one.says(() => refusal);
  await expect(start().call(method, [], quantity)).rejects.toMatchObject({ kind });
  expect(two.asked).toEqual([]);
});

it('never believes a node of another chain, and takes it back when it is of the right one', async () => {
  chainOfOne = 1;
  const providers = start({ probeMs: 50 });
  expect([await ask(providers), await ask(providers)]).toEqual([2, 2]);
  expect(one.asked.filter(({ method }) => method === 'eth_ask')).toEqual([]);
  expect(providers.health()[0]?.state).toBe('wrong-chain');
  chainOfOne = 31337;
  await waitFor(async () => (await ask(providers)) === 1);
});

it('asks for the chain anew when a node comes back, for it may be another one', async () => {
  const providers = start({ urls: [one.url] });
  await ask(providers);
  one.says(() => new Raw(502, ''));
  await expect(ask(providers)).rejects.toMatchObject({ kind: 'unreachable' });
  chainOfOne = 5;
  one.says(() => '0x1');
  await expect(ask(providers)).rejects.toMatchObject({ kind: 'bad-answer' });
  await expect(ask(providers)).rejects.toThrow('no provider is of chain 31337');
});

it('asks a node that is behind the others last', async () => {
  head.one = '0x5e';
  const providers = start({ probeMs: 50 });
  await waitFor(() => providers.health()[0]?.state === 'stale');
  expect(await ask(providers)).toBe(2);
  head.one = '0x64';
  await waitFor(async () => (await ask(providers)) === 1);
});

it('never refuses a question without having asked anybody', async () => {
  const providers = start({ urls: [one.url] });
  one.says(() => new Raw(502, ''));
  await expect(ask(providers)).rejects.toMatchObject({ kind: 'unreachable' });
  one.says(() => '0x1');
  expect(await ask(providers)).toBe(1);
});
