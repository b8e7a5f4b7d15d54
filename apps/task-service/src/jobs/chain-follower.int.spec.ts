import { DomainError } from '@arena/problem';
import { libraryMigrations } from '@arena/service';
import { projectStake, stakeMigrations } from '@arena/stakes';
import { rng, testDatabase, type TestDatabase } from '@arena/testing';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bytes32, openTaskStand, taskSpec, type TaskStand } from '../fixture/task-stand.js';

const own = { name: 'task-service', directory: fileURLToPath(new URL('../../prisma/migrations', import.meta.url)) };
const later = (minutes: number) => new Date(Date.UTC(2026, 5, 1, 0, minutes)).toISOString();
const schedule = { opensAt: later(10), closesAt: later(20), finalEndsAt: later(30) };
const creator = `0x${'c'.repeat(40)}` as never;
const created = { change: 'created', creator, bounty: '5' } as const;
const verified = { change: 'verified' } as const;
const opened = (specHash: string, times = schedule) =>
  ({ change: 'opened', specHash: `0x${specHash}`, schedule: times }) as const;

let test: TestDatabase;
let stand: TaskStand;
let data: { hiddenA: object; hiddenB: object };

beforeAll(async () => {
  test = await testDatabase({ service: 'task-service', migrations: [...libraryMigrations, stakeMigrations, own] });
  stand = openTaskStand(test.appUrl);
  data = { hiddenA: await stand.ready('hidden-a', 'a'), hiddenB: await stand.ready('hidden-b', 'b') };
});
afterAll(async () => {
  await stand.close();
  await test.drop();
});

const drafted = async (title = 'On chain', of = data) =>
  stand.ask('tasks.create', { body: { spec: taskSpec(title, of) } });
const read = (task: number) => stand.ask('tasks.get', { params: { task } });
const refusal = async (asked: Promise<unknown>) =>
  asked.then(
    () => 'done',
    (error: unknown) => (error instanceof DomainError ? error.code : error),
  );
const told = async (subject: string) =>
  stand.database.read.query<{ actor: string; action: string; reason: string | null }>(
    'SELECT actor, action, reason FROM audit_entries WHERE subject = $1 ORDER BY recorded_at, id',
    [subject],
  );
const sent = async (task: number) =>
  (
    await stand.database.read.query<{ name: string }>(
      `SELECT message->>'name' AS name FROM outbox WHERE message->'payload'->>'task' = $1 ORDER BY id`,
      [String(task)],
    )
  ).map(row => row.name);

describe('a task that is on chain', () => {
  it('is moved by the chain, with its transaction in the history and the audit log', async () => {
    const { task, specHash } = await drafted();
    expect((await read(task)).onChain).toBeNull();
    await stand.tell(task, 1, created);
    expect(await read(task)).toMatchObject({ phase: 'draft', onChain: { status: 'created', creator, bounty: '5', conflict: null } }); // prettier-ignore
    await stand.tell(task, 2, verified);
    await stand.tell(task, 3, opened(specHash));
    expect(await read(task)).toMatchObject({ phase: 'verified', schedule, onChain: { status: 'opened', transaction: bytes32(1_003), block: 3 } }); // prettier-ignore
    stand.clock.now = new Date(later(35));
    await stand.tell(task, 4, { change: 'extended', schedule: { ...schedule, finalEndsAt: later(40) } });
    expect(await read(task)).toMatchObject({ phase: 'final', schedule: { ...schedule, finalEndsAt: later(40) } });
    await stand.tell(task, 5, { change: 'finalised', rankingRoot: bytes32(7) });
    expect(await read(task)).toMatchObject({ phase: 'finalised', rankingRoot: bytes32(7) });
    expect(await sent(task)).toEqual([
      'task.opened.v1',
      'dataset.released.v1',
      'task.closed.v1',
      'dataset.released.v1',
      'task.finalised.v1',
    ]);
    const trail = await told(`task:${task}`);
    expect(trail.slice(1).map(({ actor, action }) => [actor, action])).toEqual([
      [`chain:${bytes32(1_001)}`, 'chain.created'],
      [`chain:${bytes32(1_002)}`, 'chain.verified'],
      [`chain:${bytes32(1_003)}`, 'chain.opened'],
      [`chain:${bytes32(1_004)}`, 'chain.extended'],
      [`chain:${bytes32(1_005)}`, 'chain.finalised'],
    ]);
    const { items } = await stand.ask('tasks.history', { params: { task } });
    expect(items.at(-1)).toMatchObject({ what: 'finalised', reason: `Transaction ${bytes32(1_005)}` });
    stand.clock.now = new Date(later(0));
  });

  it('is moved by no route, but stopped and started again without a shift of its times', async () => {
    const { task, specHash } = await drafted();
    for (const [version, change] of [created, verified, opened(specHash)].entries()) await stand.tell(task, version + 1, change); // prettier-ignore
    const params = { task };
    const reason = 'for the test';
    const refused = [
      ['tasks.verify', {}],
      ['tasks.open', { schedule }],
      ['tasks.extend', { closesAt: later(25), reason }],
      ['tasks.finalise', { rankingRoot: bytes32(1) }],
      ['tasks.cancel', { reason }],
    ] as const;
    for (const [route, body] of refused)
      expect([route, await refusal(stand.ask(route, { params, body }))]).toEqual([route, 'task/on-chain']);
    stand.clock.now = new Date(later(11));
    await stand.database.read.query('SELECT 1');
    await stand.ask('tasks.pause', { params, body: { reason } });
    stand.clock.now = new Date(later(15));
    expect(await stand.ask('tasks.resume', { params, body: { reason } })).toMatchObject({ phase: 'submission', paused: false, schedule }); // prettier-ignore
    stand.clock.now = new Date(later(0));
  });

  it('shows a spec that is not what the chain committed to, until it is mended', async () => {
    const wanted = (await drafted('As it should be')).specHash;
    const { task } = await drafted('As it is');
    for (const [version, change] of [created, verified, opened(wanted)].entries()) await stand.tell(task, version + 1, change); // prettier-ignore
    const before = await read(task);
    expect(before).toMatchObject({
      phase: 'verified',
      schedule: null,
      onChain: { conflict: expect.stringContaining(wanted) },
    });
    expect((await told(`task:${task}`)).at(-1)?.reason).toContain(wanted);
    const [{ version }] = (await stand.database.read.query('SELECT version FROM tasks WHERE task = $1', [task])) as [
      { version: bigint },
    ];
    const body = { spec: taskSpec('As it should be', data) };
    const after = await stand.ask('tasks.edit', { params: { task }, body, ifMatch: `"${version}"` });
    expect(after).toMatchObject({ phase: 'verified', schedule, specHash: wanted, onChain: { conflict: null } });
    expect(await refusal(stand.ask('tasks.edit', { params: { task }, body, ifMatch: '*' }))).toBe('task/immutable');
  });

  it('waits for its datasets, and goes on when they are ready', async () => {
    const missing = { ...data, hiddenB: { dataset: '01900000-0000-7000-8000-000000000000', version: 1, sha256: 'd'.repeat(64) } }; // prettier-ignore
    const { task } = await drafted('Early', missing);
    await stand.tell(task, 1, created);
    await stand.tell(task, 2, verified);
    expect(await read(task)).toMatchObject({
      phase: 'draft',
      onChain: { conflict: expect.stringContaining('hiddenB') },
    });
    const entries = (await told(`task:${task}`)).length;
    await stand.lookAgain();
    expect((await told(`task:${task}`)).length).toBe(entries);
    const { dataset } = await stand.ready('hidden-b', 'd');
    await stand.database.read.query(`UPDATE tasks SET spec = jsonb_set(spec, '{data,hiddenB,dataset}', to_jsonb($2::text)) WHERE task = $1`, [task, dataset]); // prettier-ignore
    await stand.lookAgain();
    expect(await read(task)).toMatchObject({ phase: 'verified', onChain: { conflict: null } });
  });

  it('may have been registered before it was drafted', async () => {
    const { task } = await drafted();
    await stand.tell(task + 1, 1, created);
    expect((await told(`task:${task + 1}`)).at(-1)).toMatchObject({ action: 'chain.created', reason: 'There is no task of this number here' }); // prettier-ignore
    await stand.tell(5_000_000_000, 1, created);
    expect((await drafted()).task).toBe(task + 1);
    await stand.lookAgain();
    expect((await read(task + 1)).onChain).toMatchObject({ status: 'created', conflict: null });
  });
});

describe('events in any order', () => {
  it('end in the state that the chain says, told twice or all at once', async () => {
    const draw = rng(20261121);
    for (let round = 0; round < 12; round++) {
      const { task, specHash } = await drafted(`Round ${round}`);
      const times = { ...schedule, finalEndsAt: later(60) };
      const changes = [
        created,
        verified,
        opened(specHash),
        { change: 'extended', schedule: times } as const,
        draw.pick([{ change: 'cancelled' } as const, { change: 'finalised', rankingRoot: bytes32(9) } as const]),
      ];
      const messages = changes.map((change, i) => stand.message(task, i + 1, change));
      const again = messages.filter(() => draw.chance(0.4));
      const retold = changes.flatMap((change, i) => (draw.chance(0.3) ? [stand.message(task, i + 1, change)] : []));
      const shuffled = [...messages, ...again, ...retold]
        .map(message => ({ message, at: draw.next() }))
        .sort((a, b) => a.at - b.at);
      stand.clock.now = new Date(later(draw.below(90)));
      if (draw.chance(0.5)) await Promise.all(shuffled.map(({ message }) => stand.hear(message)));
      else for (const { message } of shuffled) await stand.hear(message);
      await stand.lookAgain();
      const end = changes.at(-1)!.change;
      const after = await read(task);
      expect([round, after.phase, after.onChain?.status, after.onChain?.conflict]).toEqual([round, end, end, null]);
      if (end === 'finalised') expect([after.schedule, after.rankingRoot]).toEqual([times, bytes32(9)]);
      const versions = await stand.database.read.query<{ version: string }>(
        `SELECT message->>'entityVersion' AS version FROM outbox WHERE message->>'entity' = $1 ORDER BY id`,
        [`task:${task}`],
      );
      expect(versions.map(row => Number(row.version))).toEqual(versions.map((_, i) => i + 1));
    }
    stand.clock.now = new Date(later(0));
  });
});

describe('the participants of a task', () => {
  it('are those whose stake reaches the minimum of its spec', async () => {
    const { task } = await drafted();
    const ether = 10n ** 18n;
    const stake = (n: number, role: 'trainer' | 'validator', total: bigint) =>
      projectStake(stand.database.read, 1, {
        program: 0, task, role, account: `0x${String(n).padStart(40, '0')}` as never, delta: '0', total: String(total),
        block: 1, blockHash: bytes32(1), blockTime: later(0), transaction: bytes32(1), logIndex: 0,
      }); // prettier-ignore
    await stake(1, 'trainer', 3n * ether);
    await stake(2, 'trainer', ether - 1n);
    await stake(3, 'validator', ether);
    const nobody = { own: '0', delegated: '0', effective: '0', accounts: 0 };
    expect(await stand.ask('tasks.participants', { params: { task } })).toEqual({
      trainers: { ...nobody, accounts: 1, own: String(3n * ether), effective: String(3n * ether) },
      validators: { ...nobody, accounts: 1, own: String(ether), effective: String(ether) },
    });
  });
});
