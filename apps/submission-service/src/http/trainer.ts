import { accountOf, type Caller } from '@arena/auth';
import type { Wallet } from '@arena/contracts';
import { DomainError } from '@arena/problem';
import type { StoredSubmission } from '../store/submissions.js';

/** Whose models are asked about: the table of routes lets in nobody without a wallet. */
export function trainerOf(caller: Caller): Wallet {
  const account = accountOf(caller);
  if (account === undefined) throw new DomainError('auth/account-required');
  return account;
}

/** Another's is told apart from none in no way. */
export function assertOwn(found: StoredSubmission | undefined, caller: Caller): asserts found is StoredSubmission {
  if (found?.trainer !== trainerOf(caller)) throw new DomainError('resource/not-found');
}
