import { messageSchema } from '@arena/contracts';
import { describe, expect, it } from 'vitest';
import { announcementOf, type AnnouncedRow } from './announcement.js';

const wallet = `0x${'0a'.repeat(20)}`;
const hash = `0x${'01'.repeat(32)}`;
const at = '2026-01-02T03:04:05.000Z';
const times = {
  opens_at: '2026-01-03T00:00:00+00:00',
  closes_at: '2026-01-04T00:00:00+00:00',
  final_ends_at: '9999-12-31T23:59:59+00:00',
};
const fact = (table: string, row: AnnouncedRow['row']): AnnouncedRow => ({
  table, row, block: 5, index: 2, version: 3, hash, at, transaction: hash,
}); // prettier-ignore
const stake = { program: '0', task: '12', role: '0', account: wallet, delta: '-5', total: '70000000000000000000' };
const lock = { account: wallet, lock: '9', gm_delta: '-1', gm_total: '5', locked_delta: '-1', ends_at: times.opens_at };
const root = {
  epoch: '4',
  root: hash,
  total: '10',
  minted: '7',
  evidence_hash: hash,
  uri: '',
  active_at: times.opens_at,
};
const claim = { account: wallet, epoch: '4', root: hash, amount: '1', cumulative: '2' };

describe('a fact leaves as a message that its schema takes', () => {
  it.each([
    ['stake_changes', stake, 'stake.changed.v1', `stake:0:12:trainer:${wallet}`],
    ['stake_changes', { ...stake, role: '1' }, 'stake.changed.v1', `stake:0:12:validator:${wallet}`],
    [
      'delegation_changes',
      { ...stake, operator: wallet },
      'delegation.changed.v1',
      `delegation:0:12:trainer:${wallet}:${wallet}`,
    ],
    ['lock_changes', lock, 'lock.changed.v1', `locks:${wallet}`],
    [
      'task_changes',
      { task: '12', change: 'created', other: wallet, bounty: '5' },
      'task.registered.v1',
      'registered-task:12',
    ],
    ['task_changes', { task: '12', change: 'verified' }, 'task.registered.v1', 'registered-task:12'],
    [
      'task_changes',
      { task: '12', change: 'opened', spec_hash: hash, ...times },
      'task.registered.v1',
      'registered-task:12',
    ],
    ['task_changes', { task: '12', change: 'extended', ...times }, 'task.registered.v1', 'registered-task:12'],
    [
      'task_changes',
      { task: '12', change: 'finalised', ranking_root: hash },
      'task.registered.v1',
      'registered-task:12',
    ],
    ['task_changes', { task: '12', change: 'cancelled' }, 'task.registered.v1', 'registered-task:12'],
    ['root_changes', { ...root, change: 'submitted' }, 'root.submitted.v1', 'root:4'],
    ['root_changes', { ...root, change: 'activated' }, 'root.activated.v1', 'root:4'],
    ['root_changes', { ...root, change: 'disabled' }, 'root.disabled.v1', 'root:4'],
    ['claims', claim, 'reward.claimed.v1', `claims:${wallet}`],
  ])('%s %o', (table, row, name, entity) => {
    const said = announcementOf(fact(table, row));
    expect(said).toMatchObject({ name, entity, entityVersion: 3, occurredAt: new Date(at) });
    const envelope = { ...said, id: '019a0000-0000-7000-8000-000000000000', occurredAt: at };
    const { payload } = messageSchema(said!.name).parse(envelope);
    expect(payload).toMatchObject({ block: 5, blockHash: hash, blockTime: at, transaction: hash, logIndex: 2 });
  });
});

it('keeps every digit of an amount', () => {
  expect(announcementOf(fact('stake_changes', stake))?.payload).toMatchObject({
    delta: '-5',
    total: '70000000000000000000',
  });
});

it.each([
  ['a role of a later program', 'stake_changes', { ...stake, role: '7' }],
  ['a stake on no task', 'stake_changes', { ...stake, task: '0' }],
  ['a bounty', 'task_changes', { task: '12', change: 'bounty-raised', other: wallet, amount: '1', bounty: '2' }],
  ['what nobody listens to', 'cut_changes', { program: '0', task: '1', role: '0', operator: wallet, cut_ppm: '1' }],
])('says nothing of %s', (_what, table, row) => {
  expect(announcementOf(fact(table, row))).toBeUndefined();
});
