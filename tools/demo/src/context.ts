// What the steps hand on to each other. A fact is known once its step has run.
import type { DatasetRef } from '@arena/contracts';
import type { Client, Received } from '@arena/sdk';
import type { ArenaOnChain } from '@arena/sdk/chain';
import type { HDNodeWallet } from 'ethers';
import type { Player } from './cast.js';
import type { Habit } from './core/onnx-model.js';
import type { Weights } from './core/train.js';
import type { Narrator } from './narration/narrator.js';
import type { OnChain } from './on-chain.js';

export interface SignedInPlayer extends Player {
  client: Client;
  chainId: number;
}

/** A validator's key comes with the key that signs its receipts. */
export interface PlayerKey {
  player: SignedInPlayer;
  client: Client;
  receiptKey: HDNodeWallet | undefined;
}

/** What a trainer has at home. */
export interface TrainedModel {
  player: SignedInPlayer;
  weights: Weights;
  habit: Habit;
  bytes: Uint8Array;
}

export interface Facts {
  players: SignedInPlayer[];
  keys: PlayerKey[];
  integrator: Client;
  datasets: { training: DatasetRef; hiddenA: DatasetRef; hiddenB: DatasetRef };
  task: Received<'tasks.get'>;
  chain: OnChain;
  models: TrainedModel[];
  submissions: Received<'submissions.get'>[];
  auditEntries: number;
}

export interface Context {
  readonly client: Client;
  readonly say: Narrator;
  readonly signal: AbortSignal;
  readonly startedAt: Date;
  know<K extends keyof Facts>(name: K, value: Facts[K]): Facts[K];
  fact<K extends keyof Facts>(name: K): Facts[K];
  /** Undefined while no step has found it out. */
  known<K extends keyof Facts>(name: K): Facts[K] | undefined;
  /** The players of a role, once they have signed in. */
  players(role: Player['role']): SignedInPlayer[];
  admin(): Client;
  /** The admin's wallet on chain. */
  organiser(): ArenaOnChain;
}

export interface Step {
  name: string;
  title: string;
  run(context: Context): Promise<void>;
}

export function createContext(parts: Pick<Context, 'client' | 'say' | 'signal' | 'startedAt'>): Context {
  const facts: Partial<Facts> = {};
  const fact: Context['fact'] = name => {
    const value = facts[name];
    if (value === undefined) throw new Error(`No step before this one has found out: ${name}`);
    return value as never;
  };
  const players: Context['players'] = role => fact('players').filter(player => player.role === role);
  return {
    ...parts,
    know: (name, value) => (facts[name] = value) as never,
    fact,
    known: name => facts[name],
    players,
    admin: () => adminOf(players).client,
    organiser: () => fact('chain').as(adminOf(players).wallet),
  };
}

function adminOf(players: Context['players']): SignedInPlayer {
  const [admin] = players('admin');
  if (!admin) throw new Error('Nobody plays the admin');
  return admin;
}
