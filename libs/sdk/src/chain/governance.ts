import { callData, type abis, type ArgumentsOf, type ContractName, type Deployment, type FunctionName } from '@arena/chain/contracts'; // prettier-ignore
import { ZeroHash } from 'ethers';
import type { Act } from './act.js';

type Abis = typeof abis;

export interface Change<C extends ContractName, N extends FunctionName<Abis[C]>> {
  contract: C;
  name: N;
  args: ArgumentsOf<Abis[C], N>;
  /** Tells apart changes that are otherwise the same. */
  salt?: string;
}

/** Parameters and roles, through the timelock: proposed, then, after its delay, carried out. */
export const governanceCalls = (act: Act, { contracts }: Deployment) => ({
  propose<C extends ContractName, N extends FunctionName<Abis[C]>>(change: Change<C, N>, delaySeconds: bigint) {
    const { contract, name, args, salt = ZeroHash } = change;
    const data = callData(contract, name, args);
    return act('timelock', 'schedule', [contracts[contract], 0n, data, ZeroHash, salt, delaySeconds]);
  },
  carryOut<C extends ContractName, N extends FunctionName<Abis[C]>>(change: Change<C, N>) {
    const { contract, name, args, salt = ZeroHash } = change;
    return act('timelock', 'execute', [contracts[contract], 0n, callData(contract, name, args), ZeroHash, salt]);
  },
});
