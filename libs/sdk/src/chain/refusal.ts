// What a contract, a wallet or a node said when a transaction could not be sent, in words.
import { describeRevert, interfaceOf, type ContractName } from '@arena/chain/contracts';
import { formatEther, type ErrorDescription } from 'ethers';
import { ArenaError } from '../error.js';

const tokens = (value: unknown): string => formatEther(value as bigint);
const when = (value: unknown): string => new Date(Number(value) * 1_000).toISOString();

/** The refusals that a person meets; the others are told by their name and arguments. */
const words: Record<string, (args: readonly unknown[]) => string> = {
  ZeroAmount: () => 'the amount is zero',
  BelowMinimum: ([total, minimum]) => `that would leave ${tokens(total)}, and the least is ${tokens(minimum)}`,
  NotEnoughStaked: ([held, asked]) => `${tokens(asked)} were asked for, and ${tokens(held)} are there`,
  OtherRole: ([held]) => `this wallet has role ${String(held)} on the task already; one wallet has one role`,
  StakingClosed: ([, task]) => `task ${String(task)} takes no stakes now`,
  TaskNotEnded: ([, task]) => `task ${String(task)} has not ended`,
  ExitDelayed: ([until]) => `stake can leave from ${when(until)}`,
  CaseOpen: () => 'a case is open: its stake cannot leave',
  Frozen: ([since]) => `delegations and cuts stand still since ${when(since)}, until the task has ended`,
  NothingReady: ([readyAt]) => (readyAt === 0n ? 'nothing is on its way' : `it is ready at ${when(readyAt)}`),
  NoOperator: ([operator]) => `${String(operator)} has no stake of that role on the task`,
  SelfDelegation: () => 'one cannot delegate to oneself',
  AmountTooSmall: ([amount, minimum]) => `${tokens(amount)} is too little, the least is ${tokens(minimum)}`,
  StillLocked: ([lock, endsAt]) => `lock ${String(lock)} ends at ${when(endsAt)}`,
  GmInUse: ([, free, needed]) => `${tokens(needed)} gm are needed and ${tokens(free)} are free: take stakes back first`,
  TooManyLocks: () => 'this wallet has its full number of open locks',
  NotYourLock: ([lock]) => `lock ${String(lock)} is not this wallet's`,
  WrongPhase: ([task]) => `task ${String(task)} is not in a phase that allows this`,
  TaskExists: ([task]) => `task ${String(task)} exists already`,
  UnknownTask: ([task]) => `there is no task ${String(task)}`,
  BadTimes: () => 'the times do not fit together',
  NotCreator: ([task]) => `this wallet did not create task ${String(task)}`,
  TooEarly: ([at]) => `not before ${when(at)}`,
  NothingToClaim: () => 'there is nothing to claim that was not paid',
  BadProof: () => 'the proof does not fit the active root',
  ERC20InsufficientBalance: ([, balance, needed]) => `${tokens(needed)} are needed and ${tokens(balance)} are there`,
  AccessControlUnauthorizedAccount: ([account]) => `${String(account)} does not have the role for this`,
};

export function refusal(error: unknown, contract: ContractName): ArenaError {
  if (error instanceof ArenaError) return error;
  const { code } = error as { code?: unknown };
  if (code === 'ACTION_REJECTED' || code === 4001) {
    return new ArenaError('client/declined', { title: 'The wallet declined the transaction', cause: error });
  }
  const data = revertData(error);
  const title = 'The contract refused';
  if (data === undefined && code !== 'CALL_EXCEPTION') {
    const detail = (error as { shortMessage?: string }).shortMessage ?? String(error);
    return new ArenaError('client/chain', { title: 'The chain could not be used', detail, cause: error });
  }
  return new ArenaError('client/reverted', { title, detail: detailOf(data, contract), cause: error });
}

function detailOf(data: string | undefined, contract: ContractName): string | undefined {
  if (data === undefined) return undefined;
  const parsed = parse(data, contract);
  return (parsed && words[parsed.name]?.([...parsed.args])) ?? describeRevert(data);
}

/** A contract passes on what another one, which it called, has said. */
function parse(data: string, contract: ContractName): ErrorDescription | undefined {
  for (const name of [contract, 'staking', 'escrow', 'registry', 'distributor', 'token'] as const) {
    const parsed = interfaceOf(name).parseError(data);
    if (parsed) return parsed;
  }
  return undefined;
}

/** Wallets and nodes wrap it differently; the longest way seen has four layers. */
function revertData(error: unknown, depth = 0): string | undefined {
  if (typeof error !== 'object' || error === null || depth > 4) return undefined;
  const { data, info, error: inner, cause } = error as Record<string, unknown>;
  if (typeof data === 'string' && /^0x[0-9a-f]{8}/i.test(data)) return data;
  return [data, info, inner, cause].map(each => revertData(each, depth + 1)).find(found => found !== undefined);
}
