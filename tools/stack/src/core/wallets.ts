import { DEV_MNEMONIC } from '@arena/servers';
import { HDNodeWallet, Mnemonic } from 'ethers';

export interface DemoWallet {
  role: string;
  address: string;
  privateKey: string;
}

/** The first accounts of the development mnemonic; anvil gives each of them ether, the stack gives them tokens. */
const ROLES = ['admin', 'trainer', 'validator', 'integrator'];

/** The last ones are the arena's own: who deploys, who has the genesis supply, who settles. */
const OWN = { rewards: 7, holder: 8, deployer: 9 };

function walletOf(role: string, index: number): DemoWallet {
  const mnemonic = Mnemonic.fromPhrase(DEV_MNEMONIC);
  const { address, privateKey } = HDNodeWallet.fromMnemonic(mnemonic, `m/44'/60'/0'/0/${index}`);
  return { role, address: address.toLowerCase(), privateKey };
}

export const demoWallets = (): DemoWallet[] => ROLES.map(walletOf);

export const chainWallets = () => ({
  rewards: walletOf('rewards', OWN.rewards),
  holder: walletOf('holder', OWN.holder),
  deployer: walletOf('deployer', OWN.deployer),
});
