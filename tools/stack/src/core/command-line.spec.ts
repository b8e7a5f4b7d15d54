import { serviceNames } from '@arena/contracts';
import { expect, it } from 'vitest';
import { readCommandLine } from './command-line.js';

it('starts everything when nothing is said', () => {
  expect(readCommandLine([])).toEqual({ only: serviceNames, port: undefined, json: false, help: false });
});

it('takes a part, a port and the form for programs', () => {
  expect(readCommandLine(['--only', 'task-service, webhook-service', '--port', '9000', '--json'])).toEqual({
    only: ['task-service', 'webhook-service'],
    port: 9000,
    json: true,
    help: false,
  });
});

it.each([
  [['--only', 'task-servce'], /^--only: there is no task-servce; there are task-service, /],
  [['--port', '80a'], /^--port: 80a is not a port$/],
  [['--port', '70000'], /^--port: 70000 is not a port$/],
  [['--prot', '1'], /--prot.*; try: npm start -- --help$/],
  [['task-service'], /task-service.*; try: npm start -- --help$/],
])('says in one line what is wrong with %j', (args, line) => {
  expect(() => readCommandLine(args)).toThrow(line);
});
