// A submission as the rest of the program knows it: its state is one of the union, not a row with nullable columns.
import { ModelFile, SubmissionId, TaskNumber, Wallet } from '@arena/contracts';
import { z } from 'zod';
import type { SubmissionState } from '../core/submission.js';
import type { Submission as Row, SubmissionFile as FileRow } from './generated/client.js';

export interface StoredFile {
  file: z.output<typeof ModelFile>;
  filename: string;
  size: number;
  partSize: number;
  /** Where it lies in the bucket of originals. */
  key: string;
  /** Of its multipart upload, since the first URL was asked for. */
  uploadId: string | null;
  claimed: string | null;
  sha256: string | null;
  cleared: boolean;
}

export interface StoredSubmission {
  submission: SubmissionId;
  task: TaskNumber;
  trainer: Wallet;
  version: bigint;
  state: SubmissionState;
  /** `model` first. */
  files: StoredFile[];
  supersedes: string | null;
  commitment: string | null;
  createdAt: Date;
}

const Reasons = z.array(z.object({ code: z.string(), where: z.string(), detail: z.string() }));
const completed = { completedAt: z.date(), knownSince: z.date() };

const State = z.discriminatedUnion('state', [
  z.object({ state: z.literal('uploading'), deadline: z.date() }),
  z.object({ state: z.literal('inspecting'), waitingUntil: z.date().nullable(), ...completed }),
  z.object({ state: z.literal('accepted'), acceptedAt: z.date(), ...completed }),
  z.object({ state: z.literal('rejected'), endedAt: z.date(), reasons: Reasons, ...completed }),
  z.object({
    state: z.literal('disqualified'),
    acceptedAt: z.date(),
    endedAt: z.date(),
    reasons: Reasons,
    ...completed,
  }),
  z.object({
    state: z.literal('withdrawn'),
    acceptedAt: z.date().nullable(),
    endedAt: z.date(),
    supersededBy: z.string().nullable(),
    ...completed,
  }),
  z.object({ state: z.literal('abandoned'), endedAt: z.date() }),
]) satisfies z.ZodType<SubmissionState>;

export function fromRow(row: Row & { files: FileRow[] }): StoredSubmission {
  const { version, supersedes, commitment, createdAt } = row;
  return {
    submission: SubmissionId.parse(row.submission),
    task: TaskNumber.parse(row.task),
    trainer: Wallet.parse(row.trainer),
    version,
    state: State.parse(row),
    files: row.files.map(fileOf).sort(({ file: a }, { file: b }) => (a < b ? 1 : -1)),
    supersedes,
    commitment,
    createdAt,
  };
}

function fileOf({ submission: _, size, file, ...rest }: FileRow): StoredFile {
  return { ...rest, file: ModelFile.parse(file), size: Number(size) };
}

const none = {
  deadline: null,
  completedAt: null,
  knownSince: null,
  waitingUntil: null,
  acceptedAt: null,
  endedAt: null,
};

export function toColumns(state: SubmissionState) {
  const { reasons = [], supersededBy = null, ...times } = { reasons: undefined, supersededBy: undefined, ...state };
  return { ...none, ...times, reasons: reasons.map(reason => ({ ...reason })), supersededBy };
}
