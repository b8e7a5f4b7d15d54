// Submissions without their bytes: rows from which every route that reads one, or moves one on, has an answer.
import { randomUUID } from 'node:crypto';
import type { RouteName } from '@arena/contracts';
import type pg from 'pg';

/** What each of them was said to hash to. */
export const SHA256 = 'a'.repeat(64);

const openOnly: readonly RouteName[] = ['submissions.parts.urls', 'submissions.parts.list', 'submissions.withdraw'];

/** One of this trainer in a state in which this route has an answer: just begun, or rejected with a report. */
export async function submissionOf(database: pg.Client, trainer: string, route: RouteName): Promise<string> {
  const submission = randomUUID();
  const report = {
    ...{ irVersion: 8, opset: 13, opsets: [], operators: [], nodes: 0, depth: 0, parameters: 0, staticTensorBytes: 0 },
    ...{ inputs: [], outputs: [], flops: null },
  };
  if (openOnly.includes(route))
    await database.query(
      `insert into submissions.submissions (submission, task, trainer, state, deadline, created_at)
       values ($1, 1, $2, 'uploading', now() + interval '1 hour', now())`,
      [submission, trainer],
    );
  else
    await database.query(
      `insert into submissions.submissions
         (submission, task, trainer, state, created_at, completed_at, known_since, ended_at, reasons, report)
       values ($1, 1, $2, 'rejected', now(), now(), now(), now(),
         '[{"code": "onnx/opset", "where": "", "detail": "too old"}]', $3)`,
      [submission, trainer, JSON.stringify(report)],
    );
  await database.query(
    `insert into submissions.submission_files (submission, file, filename, size, part_size, key, claimed, sha256)
     values ($1, 'model', 'm.onnx', 10, 5242880, $2, $3, $3)`,
    [submission, `originals/${randomUUID()}`, SHA256],
  );
  return submission;
}
