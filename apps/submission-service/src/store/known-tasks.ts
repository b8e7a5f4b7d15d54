import { TaskSpec, type Payload } from '@arena/contracts';
import { select } from '@arena/db';
import { z } from 'zod';
import type { KnownTask } from '../core/uploading.js';
import type { Tx } from './database.js';
import type { Prisma } from './generated/client.js';

/** Every event carries the whole state, so the newest one wins and the others may come late or never. */
export async function rememberTask(tx: Tx, version: number, state: Payload<'task.opened.v1'>): Promise<void> {
  const { task, phase, paused, schedule, specHash } = state;
  const data = {
    version: BigInt(version),
    phase,
    paused,
    spec: state.spec as Prisma.InputJsonValue,
    specHash,
    opensAt: schedule?.opensAt ?? null,
    closesAt: schedule?.closesAt ?? null,
    finalEndsAt: schedule?.finalEndsAt ?? null,
  };
  // In this order: of two that arrive together the insert of one waits for the other's, and then the newer one updates.
  const { count } = await tx.prisma.knownTask.createMany({ data: { task, ...data }, skipDuplicates: true });
  if (count === 0) await tx.prisma.knownTask.updateMany({ where: { task, version: { lt: version } }, data });
}

/** A dataset version never changes, so the first word is also the last. */
export async function rememberDataset(tx: Tx, released: Payload<'dataset.released.v1'>): Promise<void> {
  const { task, purpose, datasetId, version, sha256, size, format, bucket, key } = released;
  await tx.prisma.releasedDataset.createMany({
    data: { task, purpose, dataset: datasetId, version, sha256, size: BigInt(size), format, bucket, key },
    skipDuplicates: true,
  });
}

const Row = z
  .object({ task: z.int(), phase: z.string(), paused: z.boolean(), closes_at: z.date().nullable(), spec: TaskSpec })
  .transform(({ closes_at: closesAt, ...rest }): KnownTask => ({ ...rest, closesAt }));

const find = 'SELECT task, phase, paused, closes_at, spec FROM known_tasks WHERE task = $1::int';

export const findTask = async (tx: Tx, task: number): Promise<KnownTask | undefined> =>
  (await select(tx, Row, find, [task]))[0];

/** It moves on only after this transaction, and whatever moves with it then finds what this one has begun. */
export const holdTask = async (tx: Tx, task: number): Promise<KnownTask | undefined> =>
  (await select(tx, Row, `${find} FOR SHARE`, [task]))[0];
