import type { AnswerOf, Routes } from '@arena/contracts';
import { countParts } from '@arena/uploads';
import { fileOf } from '../store/submission-files.js';
import type { ShownSubmission } from '../store/submission-reads.js';
import type { StoredFile } from '../store/submissions.js';

const instantOrNull = (date: Date | null | undefined): string | null => date?.toISOString() ?? null;

export function submissionView(shown: ShownSubmission): AnswerOf<Routes['submissions.get']> {
  const { submission, task, trainer, version, files, supersedes, createdAt, step, copy } = shown;
  const state = { ...NONE, ...shown.state };
  const committed = shown.commitment !== null && shown.committedAt !== null;
  return {
    ...{ submission, task, trainer, version: Number(version), state: shown.state.state, supersedes, copy },
    step: shown.state.state === 'inspecting' ? step : null,
    waiting: state.waitingUntil && { for: 'stake-final', expectedAt: state.waitingUntil.toISOString() },
    files: files.map(({ file, filename, size, sha256 }) => ({ file, filename, size, sha256 })),
    reasons: state.reasons,
    commitment: committed
      ? { commitment: shown.commitment ?? '', registeredAt: shown.committedAt?.toISOString() ?? '' }
      : null,
    supersededBy: state.supersededBy,
    createdAt: createdAt.toISOString(),
    completedAt: instantOrNull(state.completedAt),
    acceptedAt: instantOrNull(state.acceptedAt),
    endedAt: instantOrNull(state.endedAt),
    expiresAt: instantOrNull(state.deadline),
  };
}

/** What a state may have, in a state that has it not. */
const NONE = {
  deadline: null,
  waitingUntil: null,
  completedAt: null,
  acceptedAt: null,
  endedAt: null,
  supersededBy: null,
  reasons: [],
};

export function uploadView(shown: ShownSubmission): AnswerOf<Routes['submissions.begin']> {
  const cut = (file: StoredFile) => ({ partSize: file.partSize, parts: countParts(file) });
  const [model, data] = [fileOf(shown, 'model'), fileOf(shown, 'data')];
  if (!model) throw new Error(`submission ${shown.submission} has no model`);
  return { ...submissionView(shown), upload: { model: cut(model), data: data ? cut(data) : null } };
}
