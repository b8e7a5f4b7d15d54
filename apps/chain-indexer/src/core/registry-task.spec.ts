import { describe, expect, it } from 'vitest';
import { registryTask, type RegistryChange } from './registry-task.js';

const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute));
const change = (name: RegistryChange['change'], said: Partial<RegistryChange> = {}): RegistryChange => ({
  change: name,
  other: null,
  amount: null,
  bounty: null,
  specHash: null,
  rankingRoot: null,
  opensAt: null,
  closesAt: null,
  finalEndsAt: null,
  ...said,
});
const created = change('created', { other: '0xc', amount: '5', bounty: '5' });
const opened = change('opened', { specHash: '0xs', opensAt: at(1), closesAt: at(2), finalEndsAt: at(3) });

describe('a task of the registry', () => {
  it('is what its last move made of it, also when a bounty came after', () => {
    const raised = change('bounty-raised', { other: '0xg', amount: '2', bounty: '7' });
    expect(registryTask([created, change('verified'), opened, raised])).toMatchObject({
      status: 'opened',
      creator: '0xc',
      bounty: '7',
      specHash: '0xs',
    });
  });

  it('has the times of its last extension', () => {
    const extended = change('extended', { opensAt: at(1), closesAt: at(4), finalEndsAt: at(5) });
    expect(registryTask([created, opened, extended]).schedule).toEqual({ opensAt: at(1), closesAt: at(4), finalEndsAt: at(5) }); // prettier-ignore
  });

  it('sums what was paid and what was given back', () => {
    const ends = [
      change('cancelled'),
      change('bounty-refunded', { amount: '7' }),
      change('bounty-paid', { amount: '1' }),
    ];
    expect(registryTask([created, ...ends])).toMatchObject({
      status: 'cancelled',
      bountyPaid: '1',
      bountyRefunded: '7',
    });
  });
});
