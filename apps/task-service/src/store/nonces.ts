import type { Tx } from './database.js';

export const saveNonce = (tx: Tx, nonce: string, expiresAt: Date) =>
  tx.prisma.nonce.create({ data: { nonce, expiresAt } });

/** True for exactly one caller, however many try at once: the row's lock decides. */
export async function useNonce(tx: Tx, nonce: string, now: Date): Promise<boolean> {
  const { count } = await tx.prisma.nonce.updateMany({
    where: { nonce, usedAt: null, expiresAt: { gt: now } },
    data: { usedAt: now },
  });
  return count === 1;
}

export const sweepNonces = (tx: Tx, now: Date) => tx.prisma.nonce.deleteMany({ where: { expiresAt: { lt: now } } });
