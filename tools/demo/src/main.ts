// npm run demo: a whole competition through the public API of a running arena.
import { parseArgs } from 'node:util';
import { ArenaError, createClient } from '@arena/sdk';
import { forPeople } from './narration/for-people.js';
import { forPrograms } from './narration/for-programs.js';
import { play, rowsOf } from './play.js';

const USAGE = `npm run demo [-- --json]

  --json    one JSON object a line, the last one a summary
  --help    this

  ARENA_ORIGIN   where the arena answers; http://127.0.0.1:8080 when not set
  NO_COLOR       no colours`;

const say = (line: string) => process.stderr.write(`${line}\n`);

async function demo(json: boolean): Promise<void> {
  const origin = process.env['ARENA_ORIGIN'] ?? 'http://127.0.0.1:8080';
  await assertUp(origin);
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort(new Error('Stopped')));
  const { stdout } = process;
  const colours = stdout.isTTY && !process.env['NO_COLOR'];
  const narrator = json ? forPrograms(stdout) : forPeople(stdout, colours);
  const summary = await play(origin, narrator, stop.signal);
  if (json) stdout.write(`${JSON.stringify(summary)}\n`);
  else narrator.table('The competition in numbers', rowsOf(summary));
}

async function assertUp(origin: string): Promise<void> {
  if (!URL.canParse(origin)) throw new Error(`ARENA_ORIGIN is no URL: ${origin}`);
  try {
    await createClient({ origin, retries: 0 }).call('tasks.list', { query: { limit: 1 } });
  } catch (error) {
    // Whatever else is wrong shows in the first step.
    if (error instanceof ArenaError && error.code === 'client/unreachable')
      throw new Error(`Nothing answers at ${origin}: start an arena with "npm start", or set ARENA_ORIGIN`, {
        cause: error,
      });
  }
}

function fail(error: unknown, json: boolean): void {
  const message = error instanceof Error ? error.message : String(error);
  // An ArenaError has said it all.
  const cause = error instanceof Error && !(error instanceof ArenaError) ? error.cause : undefined;
  const why = cause instanceof Error ? ` (${cause.message})` : '';
  if (json) process.stdout.write(`${JSON.stringify({ ok: false, error: message + why })}\n`);
  say(`\nThe demo failed: ${message}${why}`);
  process.exitCode = 1;
}

try {
  const { values } = parseArgs({ options: { json: { type: 'boolean', default: false }, help: { type: 'boolean' } } });
  if (values.help) process.stdout.write(`${USAGE}\n`);
  else await demo(values.json).catch((error: unknown) => fail(error, values.json));
} catch (error) {
  say(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  process.exitCode = 2;
}
