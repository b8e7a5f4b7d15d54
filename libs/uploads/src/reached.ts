import { ObjectsError } from '@arena/objects';
import { DomainError } from '@arena/problem';

/** A store that is away is nobody's mistake: callers are told to come again. */
export const reached = <T>(answer: Promise<T>): Promise<T> =>
  answer.catch((error: unknown) => {
    if (error instanceof ObjectsError && error.kind === 'unavailable')
      throw new DomainError('service/unavailable', { retryAfterSeconds: 2, cause: error });
    throw error;
  });
