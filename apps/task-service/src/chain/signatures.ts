// Whether a wallet signed: by key (ECDSA), or by its contract's own word (EIP-1271).
import type { Wallet } from '@arena/contracts';
import { DomainError } from '@arena/problem';
import {
  Contract,
  hashMessage,
  Interface,
  JsonRpcProvider,
  FetchRequest,
  TypedDataEncoder,
  verifyMessage,
  verifyTypedData,
} from 'ethers';
import type { TypedDataDomain, TypedDataField } from 'ethers';

const MAGIC = '0x1626ba7e';
const contractWallet = new Interface([
  'function isValidSignature(bytes32 hash, bytes signature) view returns (bytes4)',
]);

export interface TypedData {
  domain: TypedDataDomain;
  types: Record<string, TypedDataField[]>;
  value: Record<string, unknown>;
}

export interface Signatures {
  ofText(account: Wallet, text: string, signature: string): Promise<boolean>;
  ofTypedData(account: Wallet, data: TypedData, signature: string): Promise<boolean>;
  close(): void;
}

export function openSignatures(rpcUrl: string | undefined, chainId: number): Signatures {
  const provider = rpcUrl === undefined ? undefined : connect(rpcUrl, chainId);

  /** An account without code answers nothing, and then only its key can sign. */
  async function byContract(account: Wallet, hash: string, signature: string): Promise<boolean> {
    if (!provider) return false;
    try {
      if ((await provider.getCode(account)) === '0x') return false;
      const wallet = new Contract(account, contractWallet, provider);
      return ((await wallet.getFunction('isValidSignature')(hash, signature)) as string) === MAGIC;
    } catch (error) {
      if (isRevert(error)) return false;
      throw new DomainError('chain/unavailable', { retryAfterSeconds: 5, cause: error });
    }
  }

  return {
    ofText: async (account, text, signature) =>
      signer(() => verifyMessage(text, signature)) === account || byContract(account, hashMessage(text), signature),
    ofTypedData: async (account, { domain, types, value }, signature) =>
      signer(() => verifyTypedData(domain, types, value, signature)) === account ||
      byContract(account, TypedDataEncoder.hash(domain, types, value), signature),
    close: () => provider?.destroy(),
  };
}

function connect(rpcUrl: string, chainId: number): JsonRpcProvider {
  const request = new FetchRequest(rpcUrl);
  request.timeout = 5_000;
  request.setThrottleParams({ maxAttempts: 2 });
  return new JsonRpcProvider(request, chainId, { staticNetwork: true, batchMaxCount: 1 });
}

/** A signature of the wrong form is nobody's. */
function signer(recover: () => string): string | undefined {
  try {
    return recover().toLowerCase();
  } catch {
    return undefined;
  }
}

/** The contract said no, or something that is no answer; anything else is the node's failure and not the wallet's. */
const isRevert = (error: unknown): boolean =>
  ['CALL_EXCEPTION', 'BAD_DATA', 'INVALID_ARGUMENT'].includes((error as { code?: string } | null)?.code ?? '');
