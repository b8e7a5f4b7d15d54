// Proof that a nonce was used by a transaction that we never signed. A missing receipt proves nothing: a node that is
// behind has none either. Only the very transaction that used the nonce, read from a final block, does.
import { z } from 'zod';
import { quantity, toQuantity } from '../rpc/quantity.js';
import type { Rpc } from '../rpc/rpc.js';

const Block = z.object({
  transactions: z.array(z.looseObject({ hash: z.string(), from: z.string(), nonce: quantity })),
});

const FIRST_STEP = 64;

/** The hash of the final transaction of `sender` with this nonce. Throws while the chain does not show it. */
export async function finalTransaction(
  rpc: Rpc,
  sender: string,
  nonce: number,
  { since, finalised }: { since: number; finalised: number },
): Promise<string> {
  const used = (block: number) =>
    rpc.call('eth_getTransactionCount', [sender, toQuantity(block)], quantity).then(count => count > nonce);
  let below = Math.min(since, finalised);
  for (let step = FIRST_STEP; below > 0 && (await used(below)); step *= 2) below = Math.max(0, below - step);
  let at = finalised;
  while (at - below > 1) {
    const middle = below + Math.floor((at - below) / 2);
    if (await used(middle)) at = middle;
    else below = middle;
  }
  const block = await rpc.call('eth_getBlockByNumber', [toQuantity(at), true], Block);
  const found = block.transactions.find(each => each.from.toLowerCase() === sender && each.nonce === nonce);
  if (!found) throw new Error(`no node shows which transaction of ${sender} had the nonce ${nonce}`);
  return found.hash;
}
