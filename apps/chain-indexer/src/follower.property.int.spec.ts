// Random schedules of blocks, forks, lies, kills, cut connections and second writers, drawn from a seed. After each, every
// table equals a rebuild from scratch, and holds exactly the logs of the canonical chain; and what was said last of a stake
// that is not final yet is how the tables have it.
// More of them: RUNS=5000; one of them again: SEED=17 RUNS=1.
import { pgDatabase, type Database } from '@arena/db';
import { rng, testDatabase, type TestDatabase } from '@arena/testing';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChainStatus } from './chain/status.js';
import { isOurs } from './core/check-logs.js';
import { factTableNames } from './core/fact-tables.js';
import { randomLog, type LogBody } from './fixture/random-logs.js';
import { inTurn, Schedule, subject, type Place } from './fixture/schedule.js';
import { startScriptedRpc, type ScriptedRpc, type World } from './fixture/scripted-rpc.js';
import { createFollower } from './jobs/follow.js';
import { migrations } from './migrations.js';
import { BESIDE, LIVE, makeBeside } from './store/beside.js';
import { compare } from './store/compare.js';
import { endpoint } from '@arena/chain';

/** Of every bug that a schedule has found. */
const regressions: readonly number[] = [];
const runs = Number(process.env['RUNS'] ?? 300);
const firstSeed = Number(process.env['SEED'] ?? 1);
const CHUNK = 25;

let test: TestDatabase;
let database: Database;
let beside: Database;
let admin: pg.Client;
let rpc: ScriptedRpc;
let world: World;
let events: LogBody[];
const totals = { runs: 0, rewinds: 0, facts: 0, halted: 0, seen: 0, unfinal: 0 };

beforeAll(async () => {
  test = await testDatabase({
    service: 'chain-indexer',
    migrations: migrations.map(source => ({ name: 'own', ...source })),
  });
  admin = new pg.Client({ connectionString: test.adminUrl });
  await admin.connect();
  await admin.query(`grant create on database ${test.database} to chain_owner`);
  database = pgDatabase({ url: test.appUrl, max: 4 });
  const owner = pgDatabase({ url: test.ownerUrl, max: 1 });
  beside = await makeBeside(owner.read, test.ownerUrl);
  await owner.close();
  rpc = await startScriptedRpc(() => world);
  const dice = rng(7);
  events = Array.from({ length: 400 }, () => randomLog(dice));
});
afterAll(async () => {
  await Promise.all([database.close(), beside.close(), rpc.close(), admin.end()]);
  await test.drop();
});

const tables = [...factTableNames, 'blocks', 'progress', 'seen_stakes'];
const empty = () =>
  admin.query(
    [
      ...[LIVE, BESIDE].flatMap(schema => tables.map(table => `delete from ${schema}.${table}`)),
      ...['outbox', 'outbox_new'].map(table => `delete from ${LIVE}.${table}`),
    ].join(';'),
  );

const place = (): Place => ({
  database,
  rpc,
  rng,
  events,
  cutConnections: async () => {
    await admin.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'chain_app' and datname = current_database()`,
    );
  },
});

/** By an honest node, and by ranges, which is how nothing much of the schedule itself was read. */
async function rebuild(): Promise<void> {
  const providers = inTurn([endpoint({ url: rpc.urlOf('/honest') })]);
  const follower = createFollower({ ...subject, database: beside, providers, finality: 0, status: new ChainStatus() });
  while ((await follower.round()) !== 'idle') continue;
}

/** The canonical logs that are ours, and those in the tables. */
async function expectTruth({ world: { chain } }: Schedule): Promise<void> {
  const canonical: string[] = [];
  for (let n = subject.startBlock; n <= chain.tip.number; n++) {
    for (const log of chain.at(n)?.logs ?? []) {
      if (isOurs(subject.watched, log)) canonical.push(`${n} ${Number(log.logIndex)} ${log.transactionHash}`);
    }
  }
  const union = factTableNames
    .map(table => `select block, log_index, transaction from ${LIVE}.${table}`)
    .join(' union all ');
  const { rows } = await admin.query<{ fact: string }>(
    `select block || ' ' || log_index || ' ' || transaction as fact from (${union}) as facts order by block, log_index`,
  );
  expect(rows.map(({ fact }) => fact)).toEqual(canonical);
  const { rows: counts } = await admin.query<{ facts: number }>(
    `select coalesce(sum(facts), 0)::int as facts from ${LIVE}.blocks`,
  );
  expect(counts[0]?.facts).toBe(canonical.length);
}

interface Said {
  entity: string;
  total: string;
  block: number;
  hash: string;
  /** What the tables have as of that block. */
  asOf: string;
}
const ENTITY = `'seen-stake:0:' || task || ':' || case role when 0 then 'trainer' else 'validator' end || ':' || account`;

/**
 * What was said last of a stake is canonical, and true as of its block; it knows of every change that no node has ever
 * called final. Versions are gapless, whatever was killed and undone in between.
 */
async function expectSeen({ world: { chain, finalised } }: Schedule): Promise<void> {
  const { rows: versions } = await admin.query<{ entity: string; versions: number[] }>(
    `select message ->> 'entity' as entity, array_agg((message ->> 'entityVersion')::int order by id) as versions
     from ${LIVE}.outbox group by 1`,
  );
  for (const { versions: counted } of versions) expect(counted).toEqual(counted.map((_, i) => i + 1));
  const { rows: last } = await admin.query<Said>(
    `with last as (
       select distinct on (message ->> 'entity') message ->> 'entity' as entity, message -> 'payload' as said
       from ${LIVE}.outbox order by message ->> 'entity', id desc
     )
     select entity, said ->> 'total' as total, (said ->> 'block')::int as block, said ->> 'blockHash' as hash,
       coalesce((select total from ${LIVE}.stake_changes where program = 0 and ${ENTITY} = entity
         and block <= (said ->> 'block')::int order by ordinal desc limit 1), 0)::text as "asOf"
     from last`,
  );
  for (const { block, hash, total, asOf } of last) {
    expect(chain.at(block)?.hash).toBe(hash);
    expect(total).toBe(asOf);
  }
  const { rows: unfinal } = await admin.query<{ entity: string; block: number }>(
    `select ${ENTITY} as entity, max(block)::int as block from ${LIVE}.stake_changes
     where program = 0 and task > 0 and block > $1 group by 1`,
    [finalised],
  );
  const said = new Map(last.map(({ entity, block }) => [entity, block]));
  for (const { entity, block } of unfinal) expect([entity, said.get(entity)]).toEqual([entity, block]);
  totals.seen += versions.reduce((sum, { versions: counted }) => sum + counted.length, 0);
  totals.unfinal += unfinal.length;
}

const state = async (): Promise<string> => {
  const { rows } = await admin.query<{ progress: string }>(
    `select to_jsonb(p)::text as progress from ${LIVE}.progress p`,
  );
  const { rows: said } = await admin.query(`select count(*)::int as messages from ${LIVE}.outbox`);
  return JSON.stringify([rows, said, await compare(beside.read, LIVE, BESIDE, 2 ** 31)]);
};

async function follow(seed: number): Promise<Schedule> {
  await empty();
  const schedule = new Schedule(place(), seed);
  world = schedule.world;
  await schedule.run();
  await expectTruth(schedule);
  await expectSeen(schedule);
  await rebuild();
  const found = await compare(beside.read, LIVE, BESIDE, schedule.world.chain.tip.number);
  expect(found.filter(({ equal }) => !equal)).toEqual([]);
  return schedule;
}

/** Then all nodes say that the chain went another way one block below what is final. */
async function haltBelowFinality(schedule: Schedule): Promise<void> {
  const before = await state();
  schedule.forkBelowFinality();
  expect(await schedule.round()).toBe('halted');
  expect(await state()).toBe(before);
}

describe('after any schedule the tables equal a rebuild', () => {
  it.each(regressions)('seed %i, which found a bug once', async seed => void (await follow(seed)));

  const seeds = Array.from({ length: runs }, (_, i) => firstSeed + i);
  const chunks = Array.from({ length: Math.ceil(runs / CHUNK) }, (_, i) => seeds.slice(i * CHUNK, (i + 1) * CHUNK));

  it.each(chunks.map(chunk => [chunk[0], chunk.at(-1), chunk] as const))(
    'seeds %i to %i',
    { timeout: 12_000 * CHUNK },
    async (_first, _last, chunk) => {
      for (const seed of chunk) {
        try {
          const schedule = await follow(seed);
          await haltBelowFinality(schedule);
          totals.runs += 1;
          totals.halted += 1;
          totals.rewinds += schedule.status.rewinds;
          totals.facts += schedule.status.facts;
        } catch (error) {
          throw new Error(`seed ${seed}: ${(error as Error).message}`, { cause: error });
        }
      }
    },
  );

  it('and those schedules were no idle ones', () => {
    process.stdout.write(`schedules: ${JSON.stringify(totals)}\n`);
    expect(totals.rewinds).toBeGreaterThan(totals.runs / 2);
    expect(totals.facts).toBeGreaterThan(totals.runs * 10);
    expect(totals.seen).toBeGreaterThan(totals.runs);
    expect(totals.unfinal).toBeGreaterThan(totals.runs / 2);
  });
});
