// What a trainer is shown of a submission beyond its own row.
import { intakeSteps, ModelReport, submissionChanges } from '@arena/contracts';
import { z } from 'zod';
import type { Tx } from './database.js';
import type { StoredSubmission } from './submissions.js';

export interface ShownSubmission extends StoredSubmission {
  step: (typeof intakeSteps)[number] | null;
  copy: { similarityPpm: number; epsilonPpm: number } | null;
  committedAt: Date | null;
}

const Extras = z
  .object({
    submission: z.string(),
    step: z.enum(intakeSteps).nullable(),
    similarity: z.int().nullable(),
    epsilon: z.int().nullable(),
    committed_at: z.date().nullable(),
  })
  .transform(({ submission, step, similarity, epsilon, committed_at: committedAt }) => {
    const copy = similarity === null || epsilon === null ? null : { similarityPpm: similarity, epsilonPpm: epsilon };
    return { submission, step, copy, committedAt };
  });

export async function shown(tx: Tx, stored: readonly StoredSubmission[]): Promise<ShownSubmission[]> {
  const rows = await tx.query(
    `SELECT s.submission, i.step, m.similarity_ppm AS similarity, m.epsilon_ppm AS epsilon,
       c.registered_at AS committed_at
     FROM submissions s
     LEFT JOIN intake i USING (submission)
     LEFT JOIN models m USING (submission)
     LEFT JOIN commitments c ON (c.task, c.account, c.commitment) = (s.task, s.trainer, s.commitment)
     WHERE s.submission = ANY($1::uuid[])`,
    [stored.map(({ submission }) => submission)],
  );
  const extras = new Map(rows.map(row => Extras.parse(row)).map(({ submission, ...rest }) => [submission, rest]));
  return stored.map(one => ({ ...one, ...(extras.get(one.submission) ?? NOTHING) }));
}

const NOTHING = { step: null, copy: null, committedAt: null };

export async function showOne(tx: Tx, stored: StoredSubmission): Promise<ShownSubmission> {
  const [one] = await shown(tx, [stored]);
  return one ?? { ...stored, ...NOTHING };
}

const Changes = z.array(
  z.object({
    at: z.date(),
    version: z.bigint(),
    what: z.enum(submissionChanges),
    state: z.string(),
    reason: z.string().nullable(),
    reasons: z.array(z.object({ code: z.string(), where: z.string(), detail: z.string() })),
  }),
);

export const listChanges = async (tx: Tx, submission: string) =>
  Changes.parse(await tx.prisma.submissionChange.findMany({ where: { submission }, orderBy: { version: 'asc' } }));

export interface FoundReport {
  report: z.output<typeof ModelReport> | null;
  canonical: { sha256: string; size: number; graphHash: string; blindSize: number } | null;
}

export async function findReport(tx: Tx, submission: string): Promise<FoundReport> {
  const row = await tx.prisma.submission.findUnique({
    where: { submission },
    select: {
      report: true,
      model: { select: { canonicalSha256: true, canonicalSize: true, graphHash: true, blindSize: true } },
    },
  });
  const model = row?.model;
  const canonical = model && {
    sha256: model.canonicalSha256,
    size: Number(model.canonicalSize),
    graphHash: model.graphHash,
    blindSize: Number(model.blindSize),
  };
  return { report: ModelReport.nullable().parse(row?.report ?? null), canonical: canonical ?? null };
}

/** Which of these, given with the version that is known of each, have changed since. */
export async function changedSince(tx: Tx, known: ReadonlyMap<string, bigint>): Promise<Map<string, bigint>> {
  const rows = await tx.query<{ submission: string; version: bigint }>(
    `SELECT s.submission, s.version FROM submissions s
     JOIN unnest($1::uuid[], $2::bigint[]) AS known (submission, version) USING (submission)
     WHERE s.version > known.version`,
    [[...known.keys()], [...known.values()]],
  );
  return new Map(rows.map(({ submission, version }) => [submission, version]));
}
