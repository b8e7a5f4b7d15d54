import { describe, expect, it } from 'vitest';
import { classify } from './classify.js';

const asked = { from: 1_000, to: 101_000 };
const first = (blocks: number) => ({ from: 1_000, to: 999 + blocks });

describe('a range that is too large', () => {
  it.each([
    [
      'Alchemy',
      -32602,
      'Log response size exceeded. You can make eth_getLogs requests with up to a 2K block range and no limit on the response size, or you can request any block range with a cap of 10K logs in the response. Based on your parameters and the response size limit, this block range should work: [0x3e8, 0x7d0]',
      { from: 1_000, to: 2_000 },
    ],
    [
      'Alchemy, free',
      -32600,
      'Under the Free tier plan, you can make eth_getLogs requests with up to a 10 block range. Based on your parameters, this block range should work: [0x3e8, 0x3f1].',
      first(10),
    ],
    [
      'Infura',
      -32005,
      'query returned more than 10000 results. Try with this block range [0x3E8, 0x41A].',
      { from: 1_000, to: 1_050 },
    ],
    ['Infura, by blocks', -32602, 'range 1000000 exceeds limit of 10000', first(10_000)],
    ['QuickNode', -32614, 'eth_getLogs is limited to a 10,000 range', first(10_000)],
    ['QuickNode, free', -32614, 'eth_getLogs is limited to a 5 range, upgrade from your plan', first(5)],
    ['Ankr', -32600, 'block range is too wide', undefined],
    ['Ankr, later', -32062, 'Block range is too large', undefined],
    ['geth', -32602, 'exceed maximum block range: 5000', first(5_000)],
    ['geth, by size', -32003, 'response too large', undefined],
    ['geth, by time', -32002, 'query timeout exceeded', undefined],
    ['Erigon', -32000, 'query block range exceeds server limit', undefined],
    ['reth', -32602, 'query exceeds max block range 100000', first(100_000)],
    [
      'reth, by logs',
      -32602,
      'query exceeds max results 20000, retry with the range 1000-5000',
      { from: 1_000, to: 5_000 },
    ],
    [
      'reth, suggesting what it refused',
      -32602,
      'query exceeds max results 20000, retry with the range 1000-101000',
      undefined,
    ],
    ['Nethermind', -32005, 'Too many logs requested. Max logs per response is 20000.', undefined],
    ['Besu', -32005, 'Requested range exceeds maximum RPC range limit', undefined],
    [
      'Cloudflare',
      -32047,
      "Invalid eth_getLogs request. 'fromBlock'-'toBlock' range too large. Max range: 800",
      first(800),
    ],
    ['Chainstack', -32602, 'Block range limit exceeded. See the documentation on limits', undefined],
    ['dRPC', 35, 'ranges over 10000 blocks are not supported on freetier', first(10_000)],
    ['Blast', -32000, 'block range greater than 10000 max', first(10_000)],
    ['Tenderly', -32602, 'range 9009594 is bigger than range limit 2000', first(2_000)],
    ['LlamaNodes', -32000, 'eth_getLogs range is too large, max is 1k blocks', first(1_000)],
    ['Avalanche', -32000, 'requested too many blocks from 0 to 10000, maximum is set to 2048', first(2_048)],
    ['1RPC', -32000, 'eth_getLogs is limited to 0 - 50000 blocks range', first(50_000)],
    [
      'thirdweb',
      -32602,
      'Log response size exceeded. Maximum allowed number of requested blocks is 1000',
      first(1_000),
    ],
    ['Harmony', -32000, 'query must be smaller than size 1024', first(1_024)],
    ['Frontier', -32603, 'block range is too wide (maximum 1024)', first(1_024)],
    [
      'Morph',
      -32000,
      'block range is larger than max block range, block range = 5120, max block range = 5000',
      first(5_000),
    ],
    ['OnFinality', -32000, 'response size should not greater than 10000000 bytes', undefined],
    ['BlockPI', -32602, 'limit the query to at most 1024 blocks', first(1_024)],
    ['Polygon zkEVM', -32000, 'You cannot query logs for more than 10000 blocks at once.', first(10_000)],
    ['Meowrpc', -32602, 'please limit the query to at most 1000 blocks', first(1_000)],
  ])('is recognised in the words of %s', (_who, code, message, suggested) => {
    const verdict = classify({ method: 'eth_getLogs', status: 200, code, message, asked });
    expect(verdict).toEqual({ fault: 'range-too-large', suggested });
  });

  it('is known by the status of an answer without words', () => {
    expect(classify({ method: 'eth_getLogs', status: 413, message: '' }).fault).toBe('range-too-large');
  });
});

describe('other refusals', () => {
  it.each([
    ['eth_getLogs', 200, -32005, 'daily request count exceeded, request rate limited', 'rate-limited'],
    ['eth_call', 200, 429, 'Your app has exceeded its compute units per second capacity.', 'rate-limited'],
    ['eth_call', 429, undefined, '', 'rate-limited'],
    ['eth_getLogs', 200, -32007, '50/second request limit reached', 'rate-limited'],
    ['eth_getLogs', 200, -32000, 'Too many requests, reason: call rate limit exhausted', 'rate-limited'],
    ['eth_blockNumber', 502, undefined, '<html>bad gateway</html>', 'unreachable'],
    ['eth_blockNumber', 504, undefined, '', 'timeout'],
    ['eth_call', 404, undefined, 'not found', 'bad-answer'],
    ['eth_getBlockByHash', 200, -32601, 'the method does not exist', 'bad-answer'],
    ['eth_call', 200, -32000, 'missing trie node 0ab1', 'bad-answer'],
    ['eth_call', 200, -32000, 'header not found', 'bad-answer'],
    ['eth_call', 200, 3, 'execution reverted', 'rpc-error'],
    ['eth_sendRawTransaction', 200, -32000, 'nonce too low', 'rpc-error'],
    ['eth_sendRawTransaction', 200, -32000, 'replacement transaction underpriced', 'rpc-error'],
    ['eth_sendRawTransaction', 200, -32000, 'insufficient funds for gas * price + value', 'rpc-error'],
    ['eth_call', 200, -32602, 'invalid argument 0: block range is too wide', 'rpc-error'],
  ] as const)('%s with %i, %s, "%s" is %5$s', (method, status, code, message, fault) => {
    expect(classify({ method, status, code, message, asked }).fault).toBe(fault);
  });
});
