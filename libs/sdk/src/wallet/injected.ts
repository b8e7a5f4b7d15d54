// A wallet in the browser (EIP-1193, as `window.ethereum`), with the two signatures that the arena asks for.
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils';
import type { TextSigner, TypedDataSigner } from './signer.js';

export interface Eip1193Provider {
  request(call: { method: string; params?: unknown[] }): Promise<unknown>;
}

const domainFields = [
  { name: 'name', type: 'string' },
  { name: 'version', type: 'string' },
  { name: 'chainId', type: 'uint256' },
];

export function injectedWallet(
  provider: Eip1193Provider,
  address: string,
): { address: string } & TextSigner & TypedDataSigner {
  const ask = async (method: string, ...params: unknown[]) => String(await provider.request({ method, params }));
  return {
    address,
    signMessage: message => ask('personal_sign', `0x${bytesToHex(utf8ToBytes(message))}`, address),
    signTypedData: (domain, types, message) => {
      const [primaryType] = Object.keys(types);
      const data = { domain, types: { EIP712Domain: domainFields, ...types }, primaryType, message };
      const text = JSON.stringify(data, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
      return ask('eth_signTypedData_v4', address, text);
    },
  };
}
