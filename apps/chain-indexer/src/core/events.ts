// Our events, and the rows that they become. Signatures are those of contracts/src/interfaces; a test holds them to the
// compiled ABIs. What a row has no value for is null.
import { keccak_256 } from '@noble/hashes/sha3';
import { bytesToHex } from '@noble/hashes/utils';
import type { Log } from './block.js';
import type { Watched } from './check-logs.js';
import { type Column, columnsOf, type Fact, type FactTable, specOf, type Value } from './fact-tables.js';
import { address, bytes32, int, Malformed, seconds, small, text, uint, type Words, wordsOf } from './words.js';

export const contractNames = ['escrow', 'registry', 'staking', 'distributor'] as const;
export type ContractName = (typeof contractNames)[number];

interface EventSpec {
  readonly contract: ContractName;
  readonly table: FactTable;
  readonly indexed: number;
  /** In the order of the table's columns. */
  readonly row: (word: Words, data: string) => readonly Value[];
}

type Row<T extends FactTable> = Partial<Record<Column<T>, Value>>;

/** A row by names, for tables most of whose columns are empty. */
function sparse<T extends FactTable>(table: T, row: Row<T>): Value[] {
  return columnsOf(table).map(column => row[column as Column<T>] ?? null);
}

const task = (row: Row<'task_changes'>) => sparse('task_changes', row);
const root = (row: Row<'root_changes'>) => sparse('root_changes', row);
const dispute = (row: Row<'case_changes'>) => sparse('case_changes', row);
const of = (contract: ContractName, table: FactTable, indexed: number, row: EventSpec['row']): EventSpec => ({
  contract,
  table,
  indexed,
  row,
});
const times = (w: Words, i: number) => ({
  opens_at: seconds(w(i)),
  closes_at: seconds(w(i + 1)),
  final_ends_at: seconds(w(i + 2)),
});
const verdict = (change: string) => (w: Words) =>
  dispute({ case_id: bytes32(w(0)), task: uint(w(1)), account: address(w(2)), change });

export const events: Readonly<Record<string, EventSpec>> = {
  'StakeChanged(uint64,address,uint8,uint8,int256,uint256)': of('staking', 'stake_changes', 2, w => [
    small(w(2)), uint(w(0)), small(w(3)), address(w(1)), int(w(4)), uint(w(5)),
  ]),
  'DelegationChanged(uint64,address,address,uint8,uint8,int256,uint256)': of('staking', 'delegation_changes', 3, w => [
    small(w(3)), uint(w(0)), small(w(4)), address(w(2)), address(w(1)), int(w(5)), uint(w(6)),
  ]),
  'UndelegationChanged(uint64,address,address,uint8,uint8,int256,uint256,uint64)': of('staking', 'undelegation_changes', 3, w => [
    small(w(3)), uint(w(0)), small(w(4)), address(w(2)), address(w(1)), int(w(5)), uint(w(6)), seconds(w(7)),
  ]),
  'CutChanged(uint64,address,uint8,uint8,uint32,uint64)': of('staking', 'cut_changes', 2, w => [
    small(w(2)), uint(w(0)), small(w(3)), address(w(1)), small(w(4)), seconds(w(5)),
  ]),
  'LockChanged(address,uint64,int256,uint256,int256,uint256,uint64)': of('escrow', 'lock_changes', 2, w => [
    address(w(0)), uint(w(1)), int(w(2)), uint(w(3)), int(w(4)), uint(w(5)), seconds(w(6)),
  ]),

  'TaskCreated(uint64,address,uint256)': of('registry', 'task_changes', 2, w =>
    task({ task: uint(w(0)), change: 'created', other: address(w(1)), bounty: uint(w(2)) })),
  'BountyRaised(uint64,address,uint256,uint256)': of('registry', 'task_changes', 2, w =>
    task({ task: uint(w(0)), change: 'bounty-raised', other: address(w(1)), amount: uint(w(2)), bounty: uint(w(3)) })),
  'TaskVerified(uint64)': of('registry', 'task_changes', 1, w => task({ task: uint(w(0)), change: 'verified' })),
  'TaskOpened(uint64,bytes32,uint64,uint64,uint64)': of('registry', 'task_changes', 1, w =>
    task({ task: uint(w(0)), change: 'opened', spec_hash: bytes32(w(1)), ...times(w, 2) })),
  'TaskExtended(uint64,uint64,uint64,uint64)': of('registry', 'task_changes', 1, w =>
    task({ task: uint(w(0)), change: 'extended', ...times(w, 1) })),
  'TaskFinalised(uint64,bytes32)': of('registry', 'task_changes', 1, w =>
    task({ task: uint(w(0)), change: 'finalised', ranking_root: bytes32(w(1)) })),
  'TaskCancelled(uint64)': of('registry', 'task_changes', 1, w => task({ task: uint(w(0)), change: 'cancelled' })),
  'BountyPaid(uint64,address,uint256)': of('registry', 'task_changes', 2, w =>
    task({ task: uint(w(0)), change: 'bounty-paid', other: address(w(1)), amount: uint(w(2)) })),
  'BountyRefunded(uint64,address,uint256)': of('registry', 'task_changes', 2, w =>
    task({ task: uint(w(0)), change: 'bounty-refunded', other: address(w(1)), amount: uint(w(2)) })),

  'RootSubmitted(uint64,bytes32,uint256,bytes32,string,uint64)': of('distributor', 'root_changes', 2, (w, data) =>
    root({
      epoch: uint(w(0)), change: 'submitted', root: bytes32(w(1)), total: uint(w(2)), evidence_hash: bytes32(w(3)),
      uri: text(data, 2), active_at: seconds(w(5)),
    })),
  'RootActivated(uint64,bytes32,uint256,uint256)': of('distributor', 'root_changes', 2, w =>
    root({ epoch: uint(w(0)), change: 'activated', root: bytes32(w(1)), total: uint(w(2)), minted: uint(w(3)) })),
  'RootDisabled(uint64,bytes32)': of('distributor', 'root_changes', 2, w =>
    root({ epoch: uint(w(0)), change: 'disabled', root: bytes32(w(1)) })),
  'Claimed(address,uint64,bytes32,uint256,uint256)': of('distributor', 'claims', 3, w => [
    address(w(0)), uint(w(1)), bytes32(w(2)), uint(w(3)), uint(w(4)),
  ]),
  'Funded(uint64,address,uint256)': of('distributor', 'fundings', 2, w => [uint(w(0)), address(w(1)), uint(w(2))]),

  'CaseOpened(bytes32,uint64,address,uint8,uint8,uint32,uint32,bytes32,address,uint64)': of('staking', 'case_changes', 3, w =>
    dispute({
      case_id: bytes32(w(0)), task: uint(w(1)), account: address(w(2)), change: 'opened', program: small(w(3)),
      role: small(w(4)), ppm: small(w(5)), delegation_ppm: small(w(6)), evidence_hash: bytes32(w(7)),
      reporter: address(w(8)), executable_at: seconds(w(9)),
    })),
  'CaseDismissed(bytes32,uint64,address)': of('staking', 'case_changes', 3, verdict('dismissed')),
  'Slashed(bytes32,uint64,address,uint256,uint256,uint256)': of('staking', 'case_changes', 3, w =>
    dispute({
      case_id: bytes32(w(0)), task: uint(w(1)), account: address(w(2)), change: 'slashed', gm: uint(w(3)),
      released: uint(w(4)), reporter_share: uint(w(5)),
    })),
  'CaseClosed(bytes32,uint64,address)': of('staking', 'case_changes', 3, verdict('closed')),
}; // prettier-ignore

export const topicOf = (signature: string): string => `0x${bytesToHex(keccak_256(signature))}`;

interface Known extends EventSpec {
  /** Of the data, that must be there; a dynamic one counts as its offset. */
  readonly words: number;
  /** Places, among the row's values, of what names the entity. */
  readonly entity: readonly number[];
}

const byTopic = new Map<string, Known>(
  Object.entries(events).map(([signature, event]) => {
    const columns = columnsOf(event.table);
    const entity = specOf(event.table).entity.map(column => columns.indexOf(column));
    return [topicOf(signature), { ...event, words: signature.split(',').length - event.indexed, entity }];
  }),
);

/** Which topics of which addresses are ours. */
export function watchedOf(contracts: Readonly<Record<ContractName, string>>): Watched {
  const topics = (contract: ContractName) =>
    [...byTopic].filter(([, event]) => event.contract === contract).map(([topic]) => topic);
  return new Map(contractNames.map(name => [contracts[name], new Set(topics(name))]));
}

/** The row of a log that is ours. `at`: the time of its block. */
export function factOf(log: Log, at: number): Fact {
  const event = byTopic.get(log.topics[0] ?? '');
  if (!event) throw new Malformed(`log ${log.index} of block ${log.block} is no event of ours`);
  const values = event.row(wordsOf(log, event.indexed, event.words), log.data);
  const { block, index, transaction } = log;
  return {
    table: event.table,
    block,
    index,
    transaction,
    at,
    values,
    entity: event.entity.map(i => values[i]).join('/'),
  };
}
