import { describeRevert } from '@arena/chain';
import { expect, it } from 'vitest';
import { testArenaChain } from './arena-chain.js';

it('gives a chain on which the arena is deployed, with wallets that may use it', async () => {
  const chain = await testArenaChain();
  const { registry, token } = chain.as('admin');
  expect(await token.getFunction('balanceOf')(chain.purses.trainer.address)).toBe(1_000_000n * 10n ** 18n);
  await registry.getFunction('create')(1, 0);
  expect(await registry.getFunction('phaseOf')(1)).toBe(1n);
  const refused = await chain
    .as('trainer')
    .registry.getFunction('create')(2, 0)
    .catch((error: unknown) => error);
  expect(describeRevert((refused as { data: string }).data)).toMatch(/^AccessControlUnauthorizedAccount/);
  await chain.stop();
});
