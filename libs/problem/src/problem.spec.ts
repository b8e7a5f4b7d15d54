import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { DomainError, invalidRequest, toProblem } from './index.js';

describe('toProblem', () => {
  it('says what the table says of the code', () => {
    const error = new DomainError('task/phase', { detail: 'It is a draft.' });
    expect(toProblem(error, { instance: '/v1/tasks/1/open', traceId: 'abc' })).toEqual({
      type: '/problems/task/phase',
      title: 'The task is not in a phase that allows this',
      status: 409,
      code: 'task/phase',
      detail: 'It is a draft.',
      instance: '/v1/tasks/1/open',
      traceId: 'abc',
    });
  });

  it('hides what an unexpected error says', () => {
    const problem = toProblem(new Error('password is hunter2'));
    expect(problem.code).toBe('internal');
    expect(JSON.stringify(problem)).not.toContain('hunter2');
  });
});

describe('invalidRequest', () => {
  const Body = z.strictObject({ name: z.string(), inner: z.strictObject({ 'a/b': z.int() }) });

  it('names every fault at once, unknown fields included', () => {
    const { error } = Body.safeParse({ name: 1, inner: { 'a/b': 'x', extra: 1 } });
    expect(invalidRequest(error?.issues ?? []).details.errors?.map(({ pointer }) => pointer)).toEqual([
      '/name',
      '/inner/a~1b',
      '/inner/extra',
    ]);
  });
});
