import { DEV_MNEMONIC } from '@arena/servers';
import { HDNodeWallet, Mnemonic } from 'ethers';

export interface DemoWallet {
  role: string;
  address: string;
  privateKey: string;
}

/** The first accounts of the development mnemonic. */
const ROLES = ['admin', 'trainer', 'validator', 'integrator'];

/** Of the ten accounts that every development chain gives ether these are for people; the stack gives them tokens. */
const FUNDED = 9;

/** The arena's own: who deploys, and from its ether who has the genesis supply and who settles. */
const OWN = { deployer: 9, holder: 10, rewards: 11 };

function walletOf(role: string, index: number): DemoWallet {
  const mnemonic = Mnemonic.fromPhrase(DEV_MNEMONIC);
  const { address, privateKey } = HDNodeWallet.fromMnemonic(mnemonic, `m/44'/60'/0'/0/${index}`);
  return { role, address: address.toLowerCase(), privateKey };
}

export const demoWallets = (): DemoWallet[] => ROLES.map(walletOf);

export const fundedWallets = (): DemoWallet[] =>
  Array.from({ length: FUNDED }, (_, index) => walletOf(ROLES[index] ?? 'player', index));

export const chainWallets = () => ({
  rewards: walletOf('rewards', OWN.rewards),
  holder: walletOf('holder', OWN.holder),
  deployer: walletOf('deployer', OWN.deployer),
});
