import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { PrismaPg } from '@prisma/adapter-pg';
import { testDatabase, type TestDatabase } from '@arena/testing';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Database, DatabaseUnavailable, pgDatabase, prismaDatabase } from './index.js';
import { throughWire, type Wire } from './fixture/wire.js';

/** One set of rules, held against both drivers. */
const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
let place: TestDatabase;
let prismaClient: new (options: object) => PrismaNotes;

interface PrismaNotes {
  $queryRawUnsafe<T>(query: string, ...values: unknown[]): PromiseLike<T>;
  note: { create(args: { data: { text: string } }): Promise<{ id: bigint; text: string }>; count(): Promise<number> };
}

async function generateClient(): Promise<void> {
  const env = { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: at('../../../tools/prisma/schema-engine.mjs') };
  const prisma = at('../../../node_modules/prisma/build/index.js');
  await promisify(execFile)(process.execPath, [prisma, 'generate', '--schema', at('fixture/schema.prisma')], { env });
  // By a computed name: it is not there before this line has run, and no check may look for it.
  const client = at('../.arena/client/client.js').replace(/js$/, 'ts');
  prismaClient = ((await import(client)) as { PrismaClient: typeof prismaClient }).PrismaClient;
}

const prismaOver = (url: string) =>
  prismaDatabase({ url, open: pool => new prismaClient({ adapter: new PrismaPg(pool, { schema: 'notes' }) }) });

beforeAll(async () => {
  [place] = await Promise.all([testDatabase({ service: 'notes', migrations: [] }), generateClient()]);
  const owner = new pg.Client({ connectionString: place.ownerUrl });
  await owner.connect();
  await owner.query(
    `create table note (id bigint generated always as identity primary key, text text unique not null)`,
  );
  await owner.end();
});
afterAll(() => place.drop());

describe.each([
  ['pg', (url: string): Database => pgDatabase({ url })],
  ['prisma', (url: string): Database => prismaOver(url)],
])('a database over %s', (_name, open) => {
  let database: Database;
  const texts = async () =>
    (await database.read.query<{ text: string }>('select text from note order by id')).map(row => row.text);
  beforeAll(() => {
    database = open(place.appUrl);
  });
  beforeEach(() => database.read.query('delete from note returning 1'));
  afterAll(() => database.close());

  it.each([
    ['int8', 9007199254740993n, 9007199254740993n],
    ['int4', 7, 7],
    ['float8', 0.1, 0.1],
    ['bool', false, false],
    ['text', 'ein "Wort" \\ mehr', 'ein "Wort" \\ mehr'],
    ['text', null, null],
    ['uuid', '0197d2b8-0000-7000-8000-000000000001', '0197d2b8-0000-7000-8000-000000000001'],
    ['timestamptz', new Date('2026-03-29T01:30:00.123Z'), new Date('2026-03-29T01:30:00.123Z')],
    ['timestamp', new Date('2026-03-29T01:30:00.123Z'), new Date('2026-03-29T01:30:00.123Z')],
    ['date', '2026-03-29', new Date('2026-03-29T00:00:00Z')],
    ['numeric', '123456789012345678901234567890.500', '123456789012345678901234567890.5'],
    ['numeric', 10n ** 27n, '1000000000000000000000000000'],
    ['jsonb', { a: [1, { b: null }], big: '1' }, { a: [1, { b: null }], big: '1' }],
    ['jsonb', JSON.stringify([1, 'two']), [1, 'two']],
    ['bytea', new Uint8Array([0, 1, 255]), new Uint8Array([0, 1, 255])],
    ['text[]', ['a', 'b,"c"', '\\', '', null, 'NULL'], ['a', 'b,"c"', '\\', '', null, 'NULL']],
    ['text[]', [], []],
    ['int8[]', [1n, 2n ** 62n], [1n, 2n ** 62n]],
    ['uuid[]', ['0197d2b8-0000-7000-8000-000000000001'], ['0197d2b8-0000-7000-8000-000000000001']],
    ['timestamptz[]', [new Date('2026-01-01T00:00:00Z')], [new Date('2026-01-01T00:00:00Z')]],
    ['numeric[]', ['1.50', '1e21'], ['1.5', '1000000000000000000000']],
    ['bytea[]', [new Uint8Array([1, 2]), new Uint8Array([255])], [new Uint8Array([1, 2]), new Uint8Array([255])]],
  ])('carries %s %s', async (type, given, expected) => {
    const rows = await database.read.query<{ value: unknown }>(`select $1::${type} as value`, [given]);
    expect(rows).toEqual([{ value: expected }]);
  });

  it('keeps what a transaction wrote, and nothing of one that threw', async () => {
    await database.transaction(tx => tx.query('insert into note (text) values ($1) returning id', ['kept']));
    const failing = database.transaction(async tx => {
      await tx.query('insert into note (text) values ($1) returning id', ['lost']);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await texts()).toEqual(['kept']);
  });

  it('refuses to call a transaction committed when a swallowed error had undone it', async () => {
    const work = database.transaction(async tx => {
      await tx.query('insert into note (text) values ($1) returning id', ['twice']);
      await tx.query('insert into note (text) values ($1) returning id', ['twice']).catch(() => undefined);
    });
    await expect(work).rejects.toThrow(/rolled back/);
    expect(await texts()).toEqual([]);
  });

  it('fails when a deferred statement fails, with what that one has to say', async () => {
    const work = database.transaction(async tx => {
      const insert = `insert into note (text) values ('twice') returning 1`;
      await tx.query(insert);
      if (tx.defer) tx.defer(insert);
      else await tx.query(insert);
    });
    await expect(work).rejects.toThrow(/duplicate key|Unique constraint|unique/i);
    expect(await texts()).toEqual([]);
  });

  it('runs a transaction again after a serialization failure, at most three times in all', async () => {
    await database.read.query(`insert into note (text) values ('a') returning 1`);
    let runs = 0;
    await database.transaction(
      async tx => {
        runs += 1;
        await tx.query('select text from note');
        if (runs === 1) await database.read.query(`update note set text = text || '1' returning 1`);
        await tx.query(`update note set text = text || '2' returning 1`);
      },
      { isolation: 'repeatable read' },
    );
    expect(runs).toBe(2);
    expect(await texts()).toEqual(['a12']);
    let tries = 0;
    const stubborn = database.transaction(async tx => {
      tries += 1;
      await tx.query(`do $$ begin raise exception 'again' using errcode = '40001'; end $$`);
    });
    await expect(stubborn).rejects.toThrow(/again/);
    expect(tries).toBe(3);
  });

  it('breaks a deadlock by running one side again', async () => {
    await database.read.query(`insert into note (text) values ('x'), ('y') returning 1`);
    const touch = (first: string, second: string) =>
      database.transaction(async tx => {
        await tx.query('update note set text = text where text = $1 returning 1', [first]);
        await new Promise(resolve => setTimeout(resolve, 100));
        await tx.query('update note set text = text where text = $1 returning 1', [second]);
      });
    await Promise.all([touch('x', 'y'), touch('y', 'x')]);
  });

  it('says that the database is unavailable, and that nothing was committed, when it cannot be reached', async () => {
    const nowhere = open('postgres://notes_app:a@127.0.0.1:1/none');
    const failure = await nowhere.transaction(tx => tx.query('select 1')).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DatabaseUnavailable);
    expect(failure).toMatchObject({ committed: 'no' });
    await expect(nowhere.read.query('select 1')).rejects.toBeInstanceOf(DatabaseUnavailable);
    await nowhere.close();
  });

  it('never runs a transaction again whose connection broke', async () => {
    let runs = 0;
    const failure = await database
      .transaction(async tx => {
        runs += 1;
        await tx.query('select pg_terminate_backend(pg_backend_pid())');
      })
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DatabaseUnavailable);
    expect(runs).toBe(1);
    await expect(database.read.query('select 1 as one')).resolves.toEqual([{ one: 1 }]);
  });

  it('says that a commit is unknown when its answer was lost, and does not repeat it', async () => {
    const wire: Wire = await throughWire(place.appUrl);
    const cut = open(wire.url);
    let runs = 0;
    const failure = await cut
      .transaction(async tx => {
        runs += 1;
        await tx.query(`insert into note (text) values ('maybe') returning 1`);
        wire.loseNextAnswer();
      })
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DatabaseUnavailable);
    expect(failure).toMatchObject({ committed: 'unknown' });
    expect(runs).toBe(1);
    expect(await texts()).toEqual(['maybe']);
    await cut.close();
    await wire.close();
  });

  it('outlives a connection that ends in the moment in which it is handed over', async () => {
    const wire: Wire = await throughWire(place.appUrl);
    const cut = open(wire.url);
    wire.endWithNextAnswer();
    const failures = await Promise.allSettled([
      cut.transaction(tx => tx.query('select 1')),
      cut.read.query('select 1'),
      cut.transaction(tx => tx.query('select 1')),
    ]);
    expect(failures.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    await cut.close();
    await wire.close();
  });

  it('ends a statement that waits too long for a lock', async () => {
    const impatient = pgDatabase({ url: place.appUrl, lockTimeoutMs: 50 });
    await database.read.query(`insert into note (text) values ('held') returning 1`);
    await database.transaction(async tx => {
      await tx.query(`select 1 from note where text = 'held' for update`);
      await expect(impatient.read.query(`delete from note where text = 'held'`)).rejects.toThrow(/lock timeout/);
    });
    await impatient.close();
  });
});

it('runs statements and the Prisma client in one transaction', async () => {
  const database = prismaOver(place.appUrl);
  const failing = database.transaction(async tx => {
    await tx.prisma.note.create({ data: { text: 'by prisma' } });
    expect(await tx.query('select text from note where text = $1', ['by prisma'])).toHaveLength(1);
    throw new Error('undo');
  });
  await expect(failing).rejects.toThrow('undo');
  expect(await database.read.query('select 1 from note where text = $1', ['by prisma'])).toEqual([]);
  await database.close();
});
