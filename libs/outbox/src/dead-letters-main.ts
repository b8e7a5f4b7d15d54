/**
 * The command `dead-letters`: list what could not be done, and drive it again once its cause is mended.
 * Reads DATABASE_URL, REDIS_URL and QUEUE_PREFIX.
 */
import { parseArgs } from 'node:util';
import { type Database, pgDatabase } from '@arena/db';
import { type DeadLetter, type DeadLetterFilter, listDeadLetters, redrive } from './dead-letters.js';
import { Queues } from './relay/queues.js';

const usage = `usage: dead-letters list [ID] [--subscriber SERVICE]
       dead-letters redrive ID|--all [--subscriber SERVICE]
`;

const say = (line: string) => process.stdout.write(`${line}\n`);
const describe = ({ messageId, subscriber, name, attempts, at, error }: DeadLetter) =>
  [messageId, subscriber, name, `${attempts} attempts`, at.toISOString(), error.split('\n')[0]].join('  ');

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { all: { type: 'boolean' }, subscriber: { type: 'string' } },
  });
  const [command, messageId] = positionals;
  const filter = { messageId, subscriber: values.subscriber };
  const database = pgDatabase({ url: required('DATABASE_URL'), max: 1 });
  try {
    if (command === 'list') return await list(database, filter);
    if (command === 'redrive' && (messageId !== undefined) !== (values.all === true))
      return await drive(database, filter);
    process.stderr.write(usage);
    return 2;
  } finally {
    await database.close();
  }
}

async function list(database: Database, filter: DeadLetterFilter): Promise<number> {
  const letters = await listDeadLetters(database.read, filter, 1_000);
  letters.forEach(letter => say(describe(letter)));
  say(`${letters.length} dead letters`);
  return 0;
}

async function drive(database: Database, filter: DeadLetterFilter): Promise<number> {
  const queues = new Queues({ redisUrl: required('REDIS_URL'), prefix: process.env['QUEUE_PREFIX'] ?? 'arena' });
  try {
    await queues.whenReady(5_000);
    const letters = await redrive(database, queues, filter);
    letters.forEach(letter => say(`${letter.messageId}  ${letter.subscriber}  ${letter.name}  sent again`));
    say(`${letters.length} sent again`);
    return letters.length > 0 || filter.messageId === undefined ? 0 : 1;
  } finally {
    await queues.close();
  }
}

function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`dead-letters: ${(error as Error).message}\n`);
  process.exitCode = 1;
}
