import { describe, expect, it } from 'vitest';
import type { Header, Log } from './block.js';
import { bloomOf, mayHold } from './bloom.js';
import { checkAgain, checkBlock, checkCount, checkLinks, checkRange, mayBeOurs, type Watched } from './check-logs.js';

const word = (n: number) => `0x${n.toString(16).padStart(64, '0')}`;
const address = (n: number) => `0x${n.toString(16).padStart(40, '0')}`;
const log = (index: number, more: Partial<Log> = {}): Log => ({
  block: 5,
  blockHash: 'h5',
  index,
  transaction: `t${index >> 1}`,
  transactionIndex: index >> 1,
  address: address(1),
  topics: [word(1), word(index)],
  data: '0x',
  ...more,
});
const logs = [log(0), log(1), log(2), log(3)];
const header = (of: readonly Log[] = logs, more: Partial<Header> = {}): Header => ({
  number: 5,
  hash: 'h5',
  parentHash: 'h4',
  at: 0,
  bloom: bloomOf(of),
  ...more,
});
const watched: Watched = new Map([[address(1), new Set([word(1)])]]);

describe('the bloom filter', () => {
  // That it is Ethereum's is seen on a real node: see follower.int.spec.ts.
  it('holds the marks of what is in it, three bits each at most', () => {
    const bloom = bloomOf([{ address: address(7), topics: [] }]);
    const bits = bloom.reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0);
    expect([bits <= 3, mayHold(bloom, address(7)), mayHold(bloom, address(1))]).toEqual([true, true, false]);
  });

  it('says whether anything of ours may be in the block', () => {
    expect(mayBeOurs(watched, header().bloom)).toBe(true);
    expect(mayBeOurs(watched, bloomOf([log(0, { address: address(2) })]))).toBe(false);
    expect(mayBeOurs(watched, bloomOf([log(0, { topics: [word(9)] })]))).toBe(false);
  });
});

describe('the logs of a block', () => {
  it('are believed when they are whole', () => {
    expect(checkBlock(header(), logs)).toBeUndefined();
    expect(checkBlock(header([]), [])).toBeUndefined();
  });

  it.each([
    ['of another block', [log(0, { blockHash: 'x' })], /of another block/],
    ['of another number', [log(0, { block: 6 })], /says it is of block 6/],
    ['without the first', logs.slice(1), /missing/],
    ['without one in the middle', [log(0), log(2), log(3)], /missing/],
    ['without the last', logs.slice(0, 3), /bloom/],
    ['without any', [], /bloom/],
    ['twice', [log(0), log(0)], /doubled/],
    ['in another order', [...logs].reverse(), /out of order/],
    ['with one more than there are', [...logs, log(4, { topics: [word(77)] })], /bloom/],
    ['whose transactions go back', [log(0, { transactionIndex: 1 }), log(1, { transactionIndex: 0 })], /earlier/],
    ['whose transaction has two places', [log(0), log(1, { transactionIndex: 1 })], /two places/],
  ])('are not believed %s', (_what, told, complaint) => {
    expect(checkBlock(header(), told)).toMatch(complaint);
  });

  it('are counted, because the last one may leave the same marks as another', () => {
    const twins = [log(0), log(1, { topics: log(0).topics })];
    expect(checkBlock(header(twins), twins.slice(0, 1))).toBeUndefined();
    expect(checkCount(header(), twins.slice(0, 1), 2)).toMatch(/2 logs by its receipts, 1/);
    expect(checkCount(header(), twins, 2)).toBeUndefined();
    expect(checkCount(header(), twins, undefined)).toBeUndefined();
  });
});

describe('a range', () => {
  const next = header([], { number: 6, hash: 'h6', parentHash: 'h5' });

  it('is a chain from its parent on', () => {
    expect(checkLinks({ number: 4, hash: 'h4' }, [header(), next])).toBeUndefined();
    expect(checkLinks({ number: 4, hash: 'x' }, [header(), next])).toMatch(/no child/);
    expect(checkLinks({ number: 4, hash: 'h4' }, [next])).toMatch(/block 6 came where 5/);
    expect(checkLinks({ number: 4, hash: 'h4' }, [header(), { ...next, parentHash: 'x' }])).toMatch(/no child/);
  });

  it.each([
    ['outside of it', [log(0, { block: 7 })], /not of the range/],
    ['of another fork', [log(0, { blockHash: 'x' })], /of another block/],
    ['doubled', [log(1), log(1)], /doubled/],
    ['out of order', [log(1), log(0)], /out of order/],
    ['that were not asked for', [log(0, { address: address(2) })], /not asked for/],
    ['that the bloom filter does not know', [log(0, { topics: [word(1), word(99)] })], /bloom/],
  ])('holds no logs %s', (_what, told, complaint) => {
    expect(checkRange(watched, [header(), next], told)).toMatch(complaint);
  });

  it('is believed when the blocks themselves say the same', () => {
    expect(checkRange(watched, [header(), next], logs)).toBeUndefined();
    expect(checkAgain(header(), logs, logs)).toBeUndefined();
    expect(checkAgain(header(), logs.slice(1), logs)).toMatch(/4 logs by its hash, 3 in a range/);
    expect(checkAgain(header(), logs, [...logs.slice(1), log(9)])).toMatch(/by its hash/);
  });
});
