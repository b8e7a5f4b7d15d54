// From the trainer's parts to the blind model in its bucket, or to every reason against it. Where it is interrupted,
// it begins anew with what lies in the buckets: the same bytes give the same model.
import { join } from 'node:path';
import { crashPoint } from '@arena/db';
import { isInspected, scratchBytes, type Inspected } from '../../core/intake.js';
import { rejection, type Rejection } from '../../core/submission.js';
import { noteDigest, saveStep } from '../../store/intake.js';
import type { StoredFile } from '../../store/submissions.js';
import { runChild, type Answer } from './child.js';
import { metered, type IntakeParts, type Work } from './parts.js';
import { rulesOf } from './rules.js';

export interface Refusal {
  reasons: Rejection[];
  report: Inspected['report'] | null;
}

const refused = (reasons: Rejection[], report: Refusal['report'] = null): Refusal => ({ reasons, report });

/** Afterwards the blind model is published and written down, or there is a refusal. */
export async function prepare(parts: IntakeParts, work: Work): Promise<Refusal | undefined> {
  const { job, submission, stopping } = work;
  const { found } = job;
  if (isInspected(found) && (await parts.blind.sizeOf(found.blind.key)) === found.blind.size)
    return published(parts, work, found);
  const gone = await metered(parts, 'assembling', () => assemble(parts, submission.files));
  if (gone.length > 0) return refused(gone);
  crashPoint('intake.assembled');
  const bytes = submission.files.reduce((sum, { size }) => sum + size, 0);
  return parts.scratch.use(scratchBytes(bytes), stopping, async folder => {
    await saveStep(parts.database.read, job, 'reading');
    const wrong = await metered(parts, 'reading', () => read(parts, work, folder));
    if (wrong.length > 0) return refused(wrong);
    crashPoint('intake.read');
    await saveStep(parts.database.read, job, 'inspecting');
    const answer = await inspected(parts, work, { folder, bytes });
    if (answer.is === 'refused') return refused(answer.reasons, answer.report);
    const fault = foreign(work, answer);
    if (fault) return refused([fault], answer.report);
    crashPoint('intake.inspected');
    const ready = await planned(parts, work, answer);
    crashPoint('intake.planned');
    const { blind } = ready;
    await metered(parts, 'publishing', () => parts.blind.publish(blind.key, join(folder, 'blind'), blind));
    crashPoint('intake.published');
    return published(parts, work, ready);
  });
}

async function assemble({ originals }: IntakeParts, files: readonly StoredFile[]): Promise<Rejection[]> {
  const reasons: Rejection[] = [];
  for (const file of files) {
    const assembled = await originals.assemble(file);
    if (assembled.is === 'gone') reasons.push(rejection('submission/parts-gone', `${file.file}: upload it again`));
    if (assembled.is === 'changed') reasons.push(rejection('submission/size', `${file.file}: ${assembled.fault}`));
  }
  return reasons;
}

async function read(parts: IntakeParts, { submission, stopping }: Work, folder: string): Promise<Rejection[]> {
  const reasons: Rejection[] = [];
  for (const { file, key, size, claimed } of submission.files) {
    const landed = await parts.originals.downloadUpload(key, join(folder, file), stopping);
    await noteDigest(parts.database.read, submission.submission, file, landed.sha256);
    if (landed.size !== size)
      reasons.push(rejection('submission/size', `${file}: ${landed.size} bytes landed, ${size} were declared`));
    if (claimed !== null && landed.sha256 !== claimed)
      reasons.push(rejection('submission/sha256', `${file}: what landed hashes to ${landed.sha256}`));
  }
  return reasons;
}

/** Two steps in one process: its own word says when the second begins. */
async function inspected(
  parts: IntakeParts,
  { job, submission, task, stopping }: Work,
  { folder, bytes }: { folder: string; bytes: number },
): Promise<Answer> {
  const start = performance.now();
  let canonicalisingAt: number | undefined;
  const data = submission.files.find(({ file }) => file === 'data');
  const request = {
    model: join(folder, 'model'),
    data: data ? { path: join(folder, 'data'), name: data.filename } : null,
    rules: rulesOf(task.spec),
    out: join(folder, 'blind'),
    bytes,
  };
  const onCanonicalising = async () => {
    canonicalisingAt = performance.now();
    await saveStep(parts.database.read, job, 'canonicalising');
  };
  try {
    return await runChild(request, { limits: parts.limits, stopping, onCanonicalising });
  } finally {
    const end = performance.now();
    parts.meter.spent('inspecting', ((canonicalisingAt ?? end) - start) / 1_000);
    if (canonicalisingAt !== undefined) parts.meter.spent('canonicalising', (end - canonicalisingAt) / 1_000);
  }
}

function foreign({ task }: Work, { print }: Extract<Answer, { is: 'sound' }>): Rejection | undefined {
  const { architecture } = task.spec.model;
  if (architecture.mode === 'free' || architecture.graphHash === print.graphHash) return undefined;
  return rejection('submission/architecture', `Its graph hashes to ${print.graphHash}, not ${architecture.graphHash}`);
}

/** Where the blind model will lie is written down before it lies there. */
async function planned(parts: IntakeParts, { job }: Work, answer: Extract<Answer, { is: 'sound' }>) {
  const { report, print, padded } = answer;
  if (!padded) throw new Error('the child has written no model');
  const key = job.found.blind?.key ?? parts.blind.newKey();
  const found: Inspected = { report, print, blind: { key, ...padded, published: false } };
  job.found = found;
  await saveStep(parts.database.read, job, 'publishing', found);
  return found;
}

async function published(parts: IntakeParts, { job }: Work, found: Inspected): Promise<undefined> {
  job.found = { ...found, blind: { ...found.blind, published: true } };
  await saveStep(parts.database.read, job, 'comparing', { blind: { ...found.blind, published: true } });
}
