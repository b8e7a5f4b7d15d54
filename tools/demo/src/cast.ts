// Who plays: the accounts of the development mnemonic, which every development chain has funded. The whole world knows
// their keys.
import { HDNodeWallet } from 'ethers';

const MNEMONIC = 'test test test test test test test test test test test junk';

export type Role = 'admin' | 'trainer' | 'validator';

export interface Player {
  role: Role;
  name: string;
  wallet: HDNodeWallet;
}

const roles: readonly Role[] = [
  'admin',
  ...Array.from({ length: 3 }, () => 'trainer' as const),
  ...Array.from({ length: 5 }, () => 'validator' as const),
];

const titles = { admin: 'Organiser', trainer: 'Trainer', validator: 'Validator' } as const satisfies Record<
  Role,
  string
>;

export function cast(): Player[] {
  const accounts = HDNodeWallet.fromPhrase(MNEMONIC, undefined, "m/44'/60'/0'/0");
  return roles.map((role, index) => {
    const nth = roles.slice(0, index + 1).filter(other => other === role).length;
    return {
      role,
      name: role === 'admin' ? titles[role] : `${titles[role]} ${nth}`,
      wallet: accounts.deriveChild(index),
    };
  });
}
