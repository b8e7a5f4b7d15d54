import { expect, it } from 'vitest';
import { lastWords } from './last-words.js';

const info = '{"level":"info","msg":"shutdown step done"}';

it('finds the error under the lines of an orderly end', () => {
  const fatal = '{"level":"fatal","msg":"task-service cannot start","err":{"message":"no such table","stack":"long"}}';
  expect(lastWords([info, fatal, info, info])).toEqual(['task-service cannot start: no such table']);
});

it('keeps what was no log record at all, such as a stack trace', () => {
  expect(lastWords([info, 'SyntaxError: no such export', '    at run'])).toEqual([
    'SyntaxError: no such export',
    '    at run',
  ]);
});

it('gives the last lines where nothing failed', () => {
  const lines = Array.from({ length: 20 }, (_, index) => `{"level":"info","msg":"${index}"}`);
  expect(lastWords(lines)).toEqual(lines.slice(-8));
  expect(lastWords([])).toEqual([]);
});
