import type { z } from 'zod';
import { DomainError, type FieldError } from './domain-error.js';

/** Everything that is wrong with a request at once, each with a pointer to its place. */
export function invalidRequest(issues: readonly z.core.$ZodIssue[], root = ''): DomainError {
  return new DomainError('request/invalid', {
    errors: issues.flatMap(issue => fieldErrors(issue, root)).slice(0, 100),
  });
}

function fieldErrors(issue: z.core.$ZodIssue, root: string): FieldError[] {
  const place = root + toPointer(issue.path);
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map(key => ({ pointer: place + toPointer([key]), detail: 'There is no such field' }));
  return [{ pointer: place, detail: issue.message }];
}

const toPointer = (path: readonly PropertyKey[]): string =>
  path.map(step => `/${String(step).slice(0, 100).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
