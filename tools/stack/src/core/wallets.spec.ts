import { expect, it } from 'vitest';
import { demoWallets } from './wallets.js';

it('gives the four roles the accounts that every development chain funds', () => {
  expect(demoWallets().map(({ role, address }) => [role, address])).toEqual([
    ['admin', '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266'],
    ['trainer', '0x70997970c51812dc3a010c7d01b50e0d17dc79c8'],
    ['validator', '0x3c44cdddb6a900fa2b585dd299e03d12fa4293bc'],
    ['integrator', '0x90f79bf6eb2c4f870365e785982e1f101e93b906'],
  ]);
});
