import { abis } from '@arena/chain';
import { rng } from '@arena/testing';
import { Interface, MaxUint256 } from 'ethers';
import { describe, expect, it } from 'vitest';
import type { Log } from './block.js';
import { contractNames, events, factOf, topicOf, watchedOf } from './events.js';
import { columnsOf, type Fact } from './fact-tables.js';
import { Malformed } from './words.js';
import { contracts, encodeLog, randomValue } from '../fixture/random-logs.js';

const signatures = Object.keys(events);
/** Of our contracts, and told by nothing that we keep: settings, roles, the token part of the escrow. */
const left = ['ProgramSet', 'MinimumSet', 'ContractRegistered', 'MinimumLockSet', 'ActivationDelaySet'];
const foreign = /^(Role|Transfer|Approval|Delegate|EIP712|Ownership|Initialized|Parameters|Grace|Source)/;

const asLog = (body: Pick<Log, 'address' | 'topics' | 'data'>): Log => ({
  ...body,
  block: 7,
  blockHash: '0x',
  index: 3,
  transaction: '0xaa',
  transactionIndex: 0,
});
const named = ({ table, values }: Fact) => Object.fromEntries(columnsOf(table).map((column, i) => [column, values[i]]));
const plain = (value: unknown): string => (typeof value === 'string' ? value.toLowerCase() : String(value));

it('knows every event of the compiled contracts that is a fact, by the same topic', () => {
  for (const name of contractNames) {
    const abi = new Interface(abis[name]);
    const known = signatures.filter(signature => events[signature]?.contract === name);
    for (const signature of known) expect(abi.getEvent(signature)?.topicHash).toBe(topicOf(signature));
    abi.forEachEvent(event => {
      if (left.includes(event.name) || foreign.test(event.name)) return;
      expect(known, `${name} logs ${event.format()}`).toContain(event.format());
    });
  }
});

it('takes a topic only from the contract that it is of', () => {
  const watched = watchedOf(contracts);
  const stake = topicOf(signatures[0]!);
  expect([...watched].filter(([, topics]) => topics.has(stake))).toEqual([
    [contracts.staking, watched.get(contracts.staking)],
  ]);
});

describe('a row says what ethers reads in the log', () => {
  const dice = rng(11);
  it.each(signatures)('%s', signature => {
    const { contract } = events[signature]!;
    const abi = new Interface(abis[contract]);
    const inputs = abi.getEvent(signature)!.inputs;
    for (let i = 0; i < 50; i++) {
      const body = encodeLog(
        signature,
        inputs.map(({ type, indexed }) => randomValue(type, indexed === true, dice)),
      );
      const fact = factOf(asLog(body), 99);
      expect(fact).toMatchObject({ block: 7, index: 3, transaction: '0xaa', at: 99 });
      const said = abi.parseLog({ topics: [...body.topics], data: body.data })!.args.toArray();
      const row = fact.values.map(plain);
      for (const [position, value] of said.entries()) {
        const word =
          typeof value === 'bigint' && inputs[position]!.type === 'uint64' && value > 253402300799n
            ? 253402300799n
            : value;
        expect(row).toContain(plain(word).replaceAll('\0', '\ufffd'));
      }
    }
  });
});

it('puts each word into its own column', () => {
  const account = `0x${'0a'.repeat(20)}`;
  const operator = `0x${'0b'.repeat(20)}`;
  const log = encodeLog(signatures[2]!, [5n, account, operator, 1, 0, -9n, MaxUint256, 1_800_000_000n]);
  const fact = factOf(asLog(log), 0);
  expect(fact.table).toBe('undelegation_changes');
  expect(fact.entity).toBe(`1/5/0/${operator}/${account}`);
  expect(named(fact)).toEqual({
    program: 1, task: '5', role: 0, operator, account, delta: '-9', total: MaxUint256.toString(), ready_at: 1_800_000_000,
  }); // prettier-ignore
});

it('gives every table its entity', () => {
  const dice = rng(3);
  for (const signature of signatures) {
    const inputs = new Interface(abis[events[signature]!.contract]).getEvent(signature)!.inputs;
    const fact = factOf(
      asLog(
        encodeLog(
          signature,
          inputs.map(({ type, indexed }) => randomValue(type, indexed === true, dice)),
        ),
      ),
      0,
    );
    expect(fact.entity).not.toContain('undefined');
    expect(fact.values).toHaveLength(columnsOf(fact.table).length);
  }
});

it('takes any text as an evidence address, also one that Postgres could not keep', () => {
  const signature = signatures.find(each => each.startsWith('RootSubmitted'))!;
  const word = `0x${'01'.repeat(32)}`;
  for (const [uri, kept] of [
    ['', ''],
    ['ipfs://\u00fc\u{1f600}', 'ipfs://\u00fc\u{1f600}'],
    ['a\0b', 'a\ufffdb'],
    ['x'.repeat(500), 'x'.repeat(500)],
  ] as const) {
    expect(named(factOf(asLog(encodeLog(signature, [1n, word, 2n, word, uri, 5n])), 0))['uri']).toBe(kept);
  }
});

describe('refuses a log that is not what its topic says', () => {
  const stake = encodeLog(signatures[0]!, [1n, `0x${'0a'.repeat(20)}`, 0, 0, 1n, 1n]);
  const root = encodeLog(
    signatures.find(each => each.startsWith('RootSubmitted'))!,
    [1n, `0x${'01'.repeat(32)}`, 2n, `0x${'01'.repeat(32)}`, 'abc', 5n],
  );
  it.each([
    ['with a topic too few', { ...stake, topics: stake.topics.slice(0, 2) }],
    ['with data too short', { ...stake, data: stake.data.slice(0, -64) }],
    [
      'with an address of more than twenty bytes',
      { ...stake, topics: [stake.topics[0]!, stake.topics[1]!, `0x${'ff'.repeat(32)}`] },
    ],
    ['with a text that ends early', { ...root, data: root.data.slice(0, -64) }],
    ['of no event of ours', { ...stake, topics: [`0x${'00'.repeat(32)}`] }],
  ])('%s', (_what, log) => {
    expect(() => factOf(asLog(log), 0)).toThrow(Malformed);
  });
});
