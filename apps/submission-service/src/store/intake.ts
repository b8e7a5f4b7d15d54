// Who has which job of intake in hand. Times are the database's, which all instances share.
import type { intakeSteps } from '@arena/contracts';
import { select, uuidV7 } from '@arena/db';
import { z } from 'zod';
import { Found, type Inspected } from '../core/intake.js';
import type { Tx } from './database.js';

export type IntakeStep = (typeof intakeSteps)[number];

export interface IntakeJob {
  submission: string;
  /** Of this very taking: whoever finds another one in its place has lost the job. */
  takenBy: string;
  crashes: number;
  deaths: number;
  tries: number;
  found: Found;
}

/** Somebody else has the job by now, or it is over. */
export class JobLost extends Error {
  override readonly name = 'JobLost';
}

const Row = z.object({
  submission: z.string(),
  crashes: z.number(),
  deaths: z.number(),
  tries: z.number(),
  found: Found,
});

/**
 * The job that waits longest. Whoever lives goes on renewing the lease; a job that is still another process's when its
 * lease is over has outlived that process. One that was kept from renewing, and takes its own job again, is not dead.
 * The millisecond: the column rounds, so what is due now may stand there as due in half of one.
 */
export async function takeIntake(tx: Tx, instance: string, leaseMs: number): Promise<IntakeJob | undefined> {
  const takenBy = `${instance} ${uuidV7()}`;
  const [row] = await select(
    tx,
    Row,
    `UPDATE intake SET run_at = now() + $3::int * interval '1 millisecond', taken_by = $1,
       deaths = deaths + (split_part(taken_by, ' ', 1) IS DISTINCT FROM $2 AND taken_by IS NOT NULL)::int
     WHERE submission = (
       SELECT submission FROM intake WHERE run_at <= now() + interval '1 millisecond' ORDER BY run_at LIMIT 1 FOR UPDATE SKIP LOCKED)
     RETURNING submission, crashes, deaths, tries, found`,
    [takenBy, instance, leaseMs],
  );
  return row && { ...row, takenBy };
}

type Held = Pick<IntakeJob, 'submission' | 'takenBy'>;

async function kept(held: Held, rows: Promise<object[]>): Promise<void> {
  if ((await rows).length === 0) throw new JobLost(`another has ${held.submission} in hand, or it is over`);
}

export const renewLease = (tx: Tx, held: Held, leaseMs: number): Promise<void> =>
  kept(
    held,
    tx.query(
      `UPDATE intake SET run_at = now() + $3::int * interval '1 millisecond'
       WHERE submission = $1::uuid AND taken_by = $2 RETURNING 1 AS kept`,
      [held.submission, held.takenBy, leaseMs],
    ),
  );

/** The next step, and what the last one found: whatever was found was no cause of death, and begins a new count of tries. */
export const saveStep = (tx: Tx, held: Held, step: IntakeStep, found: Found = {}): Promise<void> =>
  kept(
    held,
    tx.query(
      `UPDATE intake SET step = $3, found = found || $4::jsonb,
         tries = CASE WHEN $4::jsonb = '{}' THEN tries ELSE 0 END,
         deaths = CASE WHEN $4::jsonb = '{}' THEN deaths ELSE 0 END
       WHERE submission = $1::uuid AND taken_by = $2 RETURNING 1 AS kept`,
      [held.submission, held.takenBy, step, JSON.stringify(found)],
    ),
  );

interface GivenBack {
  afterMs: number;
  tried?: boolean;
  crashed?: boolean;
}

/** Nobody has it in hand any more; whoever lost it changes nothing. */
export const giveBack = (tx: Tx, held: Held, { afterMs, tried = false, crashed = false }: GivenBack) =>
  tx.query(
    `UPDATE intake SET taken_by = NULL, run_at = now() + $3::int * interval '1 millisecond',
       tries = tries + $4::int, crashes = crashes + $5::int
     WHERE submission = $1::uuid AND taken_by = $2`,
    [held.submission, held.takenBy, afterMs, Number(tried), Number(crashed)],
  );

/** Within the transaction that settles it: until then nobody else takes it. */
export const holdJob = (tx: Tx, held: Held): Promise<void> =>
  kept(
    held,
    tx.query('SELECT 1 AS kept FROM intake WHERE submission = $1::uuid AND taken_by = $2 FOR UPDATE', [
      held.submission,
      held.takenBy,
    ]),
  );

export const endIntake = (tx: Tx, submission: string) => tx.prisma.intake.deleteMany({ where: { submission } });

export const noteDigest = (tx: Tx, submission: string, file: 'model' | 'data', sha256: string) =>
  tx.prisma.submissionFile.update({ where: { submission_file: { submission, file } }, data: { sha256 } });

export const saveReport = (tx: Tx, submission: string, report: Inspected['report'] | null) =>
  report ? tx.prisma.submission.update({ where: { submission }, data: { report } }) : undefined;

export interface Backlog {
  jobs: number;
  inHand: number;
  /** Since when the oldest of them is overdue, in seconds. */
  overdueSeconds: number;
}

export async function backlogOf(tx: Tx): Promise<Backlog> {
  const [row] = await tx.query<{ jobs: number; in_hand: number; overdue: number }>(
    `SELECT count(*)::int AS jobs, count(taken_by)::int AS in_hand,
       coalesce(greatest(extract(epoch FROM now() - min(run_at)), 0), 0)::float8 AS overdue FROM intake`,
  );
  return { jobs: row?.jobs ?? 0, inHand: row?.in_hand ?? 0, overdueSeconds: row?.overdue ?? 0 };
}

/** Which of these keys in the bucket of blind models belong to a model, or to a job that goes on. */
export async function blindKeysInUse(tx: Tx, keys: readonly string[]): Promise<Set<string>> {
  const rows = await tx.query<{ key: string }>(
    `SELECT blind_key AS key FROM models WHERE blind_key = ANY($1::text[])
     UNION ALL SELECT found->'blind'->>'key' FROM intake WHERE found->'blind'->>'key' = ANY($1::text[])`,
    [keys],
  );
  return new Set(rows.map(({ key }) => key));
}
