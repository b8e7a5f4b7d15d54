// Accepted models, and what of them is held against new ones.
import type { Print, Blind } from '../core/intake.js';
import type { EarlierModel } from '../core/copies.js';
import type { Tx } from './database.js';

/** Until the transaction ends nobody else accepts a model on this task: it orders who was there before whom. */
export const holdTaskModels = (tx: Tx, task: number) =>
  tx.query(`SELECT 1 FROM pg_advisory_xact_lock(hashtextextended('models ' || $1::int, 0))`, [task]);

const columns = `
  m.submission, m.trainer, s.state, m.known_since AS "knownSince", m.accepted_at AS "acceptedAt", m.original,
  o.trainer AS "originalTrainer"
  FROM models m JOIN submissions s USING (submission) LEFT JOIN models o ON o.submission = m.original`;

/** All of the task with this canonical form, and what became of them; that stays so until the transaction ends. */
export const equalModels = (tx: Tx, task: number, sha256: string): Promise<EarlierModel[]> =>
  tx.query(`SELECT ${columns} WHERE m.task = $1::int AND m.canonical_sha256 = $2 ORDER BY m.number FOR UPDATE OF s`, [
    task,
    sha256,
  ]);

export const modelsOf = (tx: Tx, submissions: readonly string[]): Promise<EarlierModel[]> =>
  tx.query(`SELECT ${columns} WHERE m.submission = ANY($1::uuid[]) ORDER BY m.number FOR UPDATE OF s`, [submissions]);

export interface Sketched {
  number: bigint;
  submission: string;
  sketch: Uint8Array;
  /** The very same set of tensors. */
  sameTensors: boolean;
}

const PAGE = 50;

/** Models of others on the task, in the order of acceptance; few at a time, for a sketch may have 66 KB. */
export const sketchesAfter = (
  tx: Tx,
  { task, trainer, print }: { task: number; trainer: string; print: Print },
  number: bigint,
): Promise<Sketched[]> =>
  tx.query(
    `SELECT number, submission, sketch, tensors = $4::text[] AS "sameTensors" FROM models
     WHERE task = $1::int AND trainer <> $2 AND number > $3::bigint ORDER BY number LIMIT ${PAGE}`,
    [task, trainer, number, print.tensors],
  );

export interface NewModelRow {
  submission: string;
  task: number;
  trainer: string;
  print: Print;
  blind: Blind;
  knownSince: Date;
  acceptedAt: Date;
}

export const addModel = (tx: Tx, { print, blind, ...rest }: NewModelRow) =>
  tx.prisma.model.create({
    data: {
      ...rest,
      canonicalSha256: print.sha256,
      canonicalSize: BigInt(print.size),
      graphHash: print.graphHash,
      tensors: print.tensors,
      sketch: Buffer.from(print.sketch, 'base64'),
      blindKey: blind.key,
      blindSize: BigInt(blind.size),
      blindSha256: blind.sha256,
    },
  });

/** Fixed once: a model that is flagged already stays as it is. */
export const flagModel = (
  tx: Tx,
  submission: string,
  flag: { original: string; similarityPpm: number; epsilonPpm: number },
) => tx.prisma.model.updateMany({ where: { submission, original: null }, data: flag });
