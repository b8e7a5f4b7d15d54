// From a whole upload to a model that intake has in hand, in one transaction: whoever hears of it can rely on it.
import type { Sha256 } from '@arena/contracts';
import { crashPoint } from '@arena/db';
import { DomainError } from '@arena/problem';
import { commitmentTo } from '../commitment.js';
import { complete, isCompleted, wrongState } from '../core/submission.js';
import { openCommitment } from '../store/commitments.js';
import type { Tx } from '../store/database.js';
import { startIntake } from '../store/intake-rows.js';
import { claimFiles, fileOf } from '../store/submission-files.js';
import { moveSubmission } from '../store/submission-moves.js';
import type { StoredFile, StoredSubmission } from '../store/submissions.js';

export interface Claimed {
  sha256: Sha256;
  dataSha256?: Sha256 | undefined;
  salt?: string | undefined;
}

type Claim = Pick<StoredFile, 'file'> & { claimed: string };

export function claimsOf(submission: StoredSubmission, { sha256, dataSha256 }: Claimed): Claim[] {
  const model: Claim = { file: 'model', claimed: sha256 };
  if ((dataSha256 === undefined) === (fileOf(submission, 'data') === undefined))
    return dataSha256 === undefined ? [model] : [model, { file: 'data', claimed: dataSha256 }];
  throw new DomainError('request/invalid', {
    errors: [
      {
        pointer: '/dataSha256',
        detail: dataSha256 === undefined ? 'is needed: there is a data file' : 'There is no data file',
      },
    ],
  });
}

/** Whether this was said before: then there is nothing left to do. Said with other bytes, it is refused. */
export function isSaidAgain({ state, files }: StoredSubmission, claims: readonly Claim[]): boolean {
  if (!isCompleted(state)) return false;
  if (claims.every(({ file, claimed }) => files.some(one => one.file === file && one.claimed === claimed))) return true;
  throw wrongState(state);
}

/** `held` must be locked by this transaction. */
export async function completeSubmission(
  tx: Tx,
  held: StoredSubmission,
  { sha256, salt, ...rest }: Claimed,
  now: Date,
): Promise<StoredSubmission> {
  const claims = claimsOf(held, { sha256, ...rest });
  const commitment = salt === undefined ? null : commitmentTo({ sha256, ...rest }, held.trainer, salt);
  const committedAt = commitment === null ? null : await opened(tx, held, commitment);
  const next = complete(held.state, now, committedAt);
  await claimFiles(tx, held.submission, claims);
  await startIntake(tx, held.submission);
  crashPoint('submission.completing');
  const files = held.files.map(file => ({
    ...file,
    claimed: claims.find(claim => claim.file === file.file)?.claimed ?? null,
  }));
  return moveSubmission(tx, { ...held, files, commitment }, next, { what: 'completed', at: now });
}

async function opened(tx: Tx, { task, trainer, submission }: StoredSubmission, commitment: string): Promise<Date> {
  const committedAt = await openCommitment(tx, { task, account: trainer, commitment }, submission);
  if (committedAt) return committedAt;
  throw new DomainError('submission/commitment', {
    detail: 'This salt, your wallet and the sha256 of the model make no commitment of yours that is still unopened',
  });
}
