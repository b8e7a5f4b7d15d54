import { Interface } from 'ethers';
import { abis } from '../generated/abis.js';
import type { RpcError } from '../rpc/rpc-error.js';

const errors = new Interface(
  Object.values(abis)
    .flat()
    .filter(({ type }) => type === 'error'),
);
const standard = new Interface(['error Error(string reason)', 'error Panic(uint256 code)']);

/** What a contract of the arena said when it refused, as its source calls it: `TaskExists(7)`. */
export function describeRevert(data: unknown): string | undefined {
  if (typeof data !== 'string' || !/^0x[0-9a-f]{8}/i.test(data)) return undefined;
  for (const known of [standard, errors]) {
    try {
      const parsed = known.parseError(data);
      if (parsed) return `${parsed.name}(${parsed.args.map(String).join(', ')})`;
    } catch {
      // Not the shape that its first four bytes promise.
    }
  }
  return data.slice(0, 10);
}

export const isRevert = (error: RpcError): boolean =>
  error.kind === 'rpc-error' && (error.code === 3 || /revert/i.test(error.message));

export const reasonOf = (error: RpcError): string => describeRevert(error.data) ?? error.message;
