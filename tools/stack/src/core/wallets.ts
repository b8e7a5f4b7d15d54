import { DEV_MNEMONIC } from '@arena/servers';
import { HDNodeWallet, Mnemonic } from 'ethers';

export interface DemoWallet {
  role: string;
  address: string;
  privateKey: string;
}

/** The first accounts of the development mnemonic; anvil gives each of them ether. */
const ROLES = ['admin', 'trainer', 'validator', 'integrator'];

export const demoWallets = (): DemoWallet[] =>
  ROLES.map((role, index) => {
    const mnemonic = Mnemonic.fromPhrase(DEV_MNEMONIC);
    const { address, privateKey } = HDNodeWallet.fromMnemonic(mnemonic, `m/44'/60'/0'/0/${index}`);
    return { role, address: address.toLowerCase(), privateKey };
  });
