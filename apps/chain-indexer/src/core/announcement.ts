// Which facts leave as events, and under what name, entity and words. What the schema of an event can't say (a role of a
// later program, a task of no number) stays here.
import type { PayloadInput } from '@arena/contracts';

/** A row of a table of facts, with the hash of its block and its version as a message. */
export interface AnnouncedRow {
  readonly table: string;
  readonly block: number;
  readonly index: number;
  readonly version: number;
  readonly hash: string;
  readonly at: string;
  readonly transaction: string;
  /** All columns as text, so that no amount loses its last digits on the way. */
  readonly row: Readonly<Record<string, string | null>>;
}

type Announced =
  | 'stake.changed.v1'
  | 'delegation.changed.v1'
  | 'lock.changed.v1'
  | 'task.registered.v1'
  | 'root.submitted.v1'
  | 'root.activated.v1'
  | 'root.disabled.v1'
  | 'reward.claimed.v1';

export type Announcement = {
  [N in Announced]: {
    readonly name: N;
    readonly entity: string;
    readonly entityVersion: number;
    readonly occurredAt: Date;
    readonly payload: PayloadInput<N>;
  };
}[Announced];

export const roles: Readonly<Record<number, 'trainer' | 'validator'>> = { 0: 'trainer', 1: 'validator' };

const t = (value: unknown): string => String(value);

/** What the registry did that moves a task; bounties move none, and have no event. */
export const announcedTaskChanges = ['created', 'verified', 'opened', 'extended', 'finalised', 'cancelled'] as const;
export const announcedTables = [
  'stake_changes',
  'delegation_changes',
  'lock_changes',
  'task_changes',
  'root_changes',
  'claims',
] as const;

export function announcementOf(fact: AnnouncedRow): Announcement | undefined {
  const { row, version: entityVersion, at } = fact;
  const place = {
    block: fact.block,
    blockHash: fact.hash,
    blockTime: at,
    transaction: fact.transaction,
    logIndex: fact.index,
  };
  const occurredAt = new Date(at);
  const about = (entity: string) => ({ entity, entityVersion, occurredAt });
  switch (fact.table) {
    case 'stake_changes':
    case 'delegation_changes': {
      const [program, task, role] = [Number(row['program']), Number(row['task']), roles[Number(row['role'])]];
      if (role === undefined || task < 1 || !Number.isSafeInteger(task)) return undefined;
      const holding = {
        account: t(row['account']),
        delta: t(row['delta']),
        total: t(row['total']),
        program,
        task,
        role,
      };
      const entity = `${program}:${task}:${role}`;
      if (fact.table === 'stake_changes') {
        return {
          name: 'stake.changed.v1',
          ...about(`stake:${entity}:${holding.account}`),
          payload: { ...holding, ...place },
        };
      }
      const operator = t(row['operator']);
      const payload = { ...holding, operator, ...place };
      return {
        name: 'delegation.changed.v1',
        ...about(`delegation:${entity}:${operator}:${holding.account}`),
        payload,
      };
    }
    case 'lock_changes': {
      const [account, lock] = [t(row['account']), t(row['lock'])];
      const amounts = { delta: t(row['gm_delta']), total: t(row['gm_total']), locked: t(row['locked_delta']) };
      const payload = { account, lock, ...amounts, endsAt: instant(row['ends_at']), ...place };
      return { name: 'lock.changed.v1', ...about(`locks:${account}`), payload };
    }
    case 'task_changes': {
      const payload = taskPayload(row, place);
      return payload && { name: 'task.registered.v1', ...about(`registered-task:${payload.task}`), payload };
    }
    case 'root_changes':
      return rootAnnouncement(row, place, about(`root:${t(row['epoch'])}`));
    case 'claims': {
      const account = t(row['account']);
      const amounts = { amount: t(row['amount']), cumulative: t(row['cumulative']) };
      const payload = { epoch: Number(row['epoch']), root: t(row['root']), account, ...amounts, ...place };
      return { name: 'reward.claimed.v1', ...about(`claims:${account}`), payload };
    }
    default:
      return undefined;
  }
}

type ChainPlace = Pick<
  PayloadInput<'root.disabled.v1'>,
  'block' | 'blockHash' | 'blockTime' | 'transaction' | 'logIndex'
>;

/** Times come from Postgres without a fraction. */
const instant = (value: unknown): string => new Date(t(value)).toISOString();

function taskPayload(row: AnnouncedRow['row'], place: ChainPlace): PayloadInput<'task.registered.v1'> | undefined {
  const task = Number(row['task']);
  if (task < 1 || !Number.isSafeInteger(task)) return undefined;
  const registered = { task, ...place };
  const schedule = () => ({
    opensAt: instant(row['opens_at']),
    closesAt: instant(row['closes_at']),
    finalEndsAt: instant(row['final_ends_at']),
  });
  switch (row['change']) {
    case 'created':
      return { change: 'created', creator: t(row['other']), bounty: t(row['bounty']), ...registered };
    case 'verified':
      return { change: 'verified', ...registered };
    case 'opened':
      return { change: 'opened', specHash: t(row['spec_hash']), schedule: schedule(), ...registered };
    case 'extended':
      return { change: 'extended', schedule: schedule(), ...registered };
    case 'finalised':
      return { change: 'finalised', rankingRoot: t(row['ranking_root']), ...registered };
    case 'cancelled':
      return { change: 'cancelled', ...registered };
    default:
      return undefined;
  }
}

function rootAnnouncement(
  row: AnnouncedRow['row'],
  place: ChainPlace,
  about: Pick<Announcement, 'entity' | 'entityVersion' | 'occurredAt'>,
): Announcement {
  const root = { epoch: Number(row['epoch']), root: t(row['root']), ...place };
  const total = t(row['total']);
  if (row['change'] === 'submitted') {
    const told = { evidenceHash: t(row['evidence_hash']), uri: t(row['uri']), activeAt: instant(row['active_at']) };
    return { name: 'root.submitted.v1', ...about, payload: { ...root, total, ...told } };
  }
  if (row['change'] === 'activated') {
    return { name: 'root.activated.v1', ...about, payload: { ...root, total, minted: t(row['minted']) } };
  }
  return { name: 'root.disabled.v1', ...about, payload: root };
}
