// The sketches of starter models, each made once.
import type { Tx } from './database.js';

export interface ReleasedStarter {
  sha256: string;
  size: number;
  format: string;
  bucket: string;
  key: string;
}

export async function findReleasedStarter(tx: Tx, task: number): Promise<ReleasedStarter | undefined> {
  const row = await tx.prisma.releasedDataset.findUnique({ where: { task_purpose: { task, purpose: 'starter' } } });
  return row ? { ...row, size: Number(row.size) } : undefined;
}

export interface Starter {
  sketch: Uint8Array | null;
  fault: string | null;
}

export const findStarter = (tx: Tx, sha256: string): Promise<Starter | null> =>
  tx.prisma.starter.findUnique({ where: { sha256 }, select: { sketch: true, fault: true } });

/** Two may come to it at once; both have found the same. */
export const keepStarter = (tx: Tx, sha256: string, { sketch, fault }: Starter) =>
  tx.prisma.starter.createMany({
    data: { sha256, sketch: sketch && Buffer.from(sketch), fault },
    skipDuplicates: true,
  });
