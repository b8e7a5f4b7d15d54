// Every route, called as every role, on own and on others' objects, and held against the policy table.
import { routes, services, type Access, type RouteName, type RouteSpec, type Scope } from '@arena/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import pg from 'pg';
import { makeKey, signedIn, type Person } from './arena/callers.js';
import { rawCall, undocumented } from './arena/raw.js';
import { startArena, type Arena } from './arena/start.js';
import { SHA256, submissionOf } from './arena/submissions.js';
import { taskSpec } from './arena/task-spec.js';

type Role = 'anonymous' | 'session' | 'adminSession' | 'integrator' | `key:${Scope}` | `adminKey:${Scope}`;
const scopes: Scope[] = ['submit', 'validate', 'webhooks', 'read', 'admin'];

/** The policy, said a second time and in other words than the code under test. */
function expected({ access }: { access: Access }, role: Role): string {
  if (access.who === 'anyone') return 'allowed';
  if (role === 'anonymous') return 'auth/missing';
  const [kind, scope] = role.split(':');
  if (access.who === 'admin') {
    if (role === 'adminSession' || role === 'adminKey:admin') return 'allowed';
    return kind === 'adminKey' ? 'auth/scope' : 'auth/admin-only';
  }
  if (kind === 'integrator') {
    if (access.who === 'account') return 'auth/account-required';
    return access.scope === 'read' ? 'allowed' : 'auth/scope';
  }
  if (kind === 'session' || kind === 'adminSession') return 'allowed';
  if (access.scope === 'session') return 'auth/session-only';
  return access.scope === scope ? 'allowed' : 'auth/scope';
}

const built = ['task-service', 'chain-indexer', 'submission-service'] as const;
const serviceOf = (name: RouteName) =>
  built.find(service =>
    (services[service].segments as readonly string[]).includes(routes[name].path.split('/')[2] ?? ''),
  );
/** What makes a call whole, where nothing is not enough. */
const bodies: Partial<Record<RouteName, object>> = {
  'submissions.parts.urls': { numbers: [1] },
  'submissions.complete': { sha256: SHA256 },
  'submissions.withdraw': {},
};
const names = (Object.keys(routes) as RouteName[]).filter(name => serviceOf(name) !== undefined);

describe('the policy table', () => {
  let arena: Arena;
  let origin: string;
  let owner: Person;
  let stranger: Person;
  let admin: Person;
  let draft: number;
  let database: pg.Client;
  const tokens = {} as Record<Role, string | undefined>;

  beforeAll(async () => {
    arena = await startArena({ contracts: true });
    ({ url: origin } = await arena.start('task-service'));
    await Promise.all([arena.start('chain-indexer'), arena.start('submission-service')]);
    database = new pg.Client({ connectionString: arena.database.adminUrl });
    await database.connect();
    [owner, stranger, admin] = await Promise.all([
      signedIn(origin, arena.wallet(1)),
      signedIn(origin, arena.wallet(2)),
      signedIn(origin, arena.wallet(0)),
    ]);
    Object.assign(tokens, { anonymous: undefined, session: owner.token, adminSession: admin.token });
    for (const scope of scopes) {
      if (scope !== 'admin') tokens[`key:${scope}`] = (await makeKey(owner, [scope])).secret;
      tokens[`adminKey:${scope}`] = (await makeKey(admin, [scope])).secret;
    }
    const body = { name: 'i', scopes: ['read' as const], reason: 'for the test' };
    tokens.integrator = (await admin.client.call('keys.integrator', { body })).secret;
    draft = (await admin.client.call('tasks.create', { body: { spec: taskSpec('Draft') } })).task;
  });
  afterAll(async () => {
    await database.end();
    await arena.stop();
  });

  /** An object of this person that a call may use up. */
  async function objectOf(person: Person, name: RouteName): Promise<Record<string, string>> {
    if (name.startsWith('submissions.')) return { submission: await submissionOf(database, person.account, name) };
    const { id: key } = await makeKey(person, ['read']);
    const { token } = await signedIn(
      origin,
      person === owner ? arena.wallet(1) : person === admin ? arena.wallet(0) : arena.wallet(2),
    );
    const { items } = await person.client.with(token).call('auth.sessions.list');
    return { key, session: items.find(session => session.current)?.id ?? '' };
  }

  it('names every route of every built service', () => {
    expect(names.length).toBeGreaterThan(75);
  });

  for (const name of names) {
    const spec: RouteSpec = routes[name];
    it(`holds for ${name}`, async () => {
      for (const [role, token] of Object.entries(tokens) as [Role, string | undefined][]) {
        // Signing off would take the session away from the tests that follow.
        const signsOff = name === 'auth.logout' && (role === 'session' || role === 'adminSession');
        const used = signsOff ? (await signedIn(origin, arena.wallet(role === 'session' ? 1 : 0))).token : token;
        const self = role.startsWith('admin') ? admin : owner;
        const params = {
          task: draft, dataset: '00000000-0000-4000-8000-000000000000', version: 1, role: 'admin',
          account: stranger.account, ...(spec.owned ? await objectOf(self, name) : {}),
        }; // prettier-ignore
        const outcome = await rawCall(arena.running(serviceOf(name) ?? 'task-service').url, name, {
          token: used,
          params,
          ...(spec.method === 'GET' ? {} : { body: bodies[name] ?? {} }),
        });
        const said = outcome.problem?.code.startsWith('auth/') ? outcome.problem.code : 'allowed';
        // A login without a message and a nonce are no refusals of this policy.
        expect([name, role, said]).toEqual([name, role, expected(spec, role)]);
        expect([name, role, undocumented(name, outcome)]).toEqual([name, role, undefined]);
        if (spec.owned && said === 'allowed') expect([name, role, outcome.status]).toEqual([name, role, spec.status]);
      }
    });

    if (spec.owned)
      it(`tells others that there is no such thing: ${name}`, async () => {
        const params = await objectOf(stranger, name);
        const { url } = arena.running(serviceOf(name) ?? 'task-service');
        const call = { params, ...(name in bodies ? { body: bodies[name] } : {}) };
        for (const token of [owner.token, admin.token]) {
          const outcome = await rawCall(url, name, { ...call, token });
          expect([outcome.status, outcome.problem?.code]).toEqual([404, 'resource/not-found']);
        }
        const again = await rawCall(url, name, { ...call, token: stranger.token });
        expect(again.status).toBe(spec.status);
      });
  }

  it('keeps a draft a secret from everybody but admins', async () => {
    const params = { task: draft };
    for (const name of ['tasks.get', 'tasks.history'] as const)
      for (const [role, token] of Object.entries(tokens)) {
        const sees = role === 'adminSession' || role === 'adminKey:admin';
        expect([role, (await rawCall(origin, name, { token, params })).status]).toEqual([role, sees ? 200 : 404]);
      }
    const listed = async (token?: string) =>
      ((await rawCall(origin, 'tasks.list', { token })).body as { items: { task: number }[] }).items.map(
        item => item.task,
      );
    expect(await listed()).not.toContain(draft);
    expect(await listed(owner.token)).not.toContain(draft);
    expect(await listed(admin.token)).toContain(draft);
  });

  it('takes an admin role away at once, also from keys that were made with it', async () => {
    const params = { account: stranger.account, role: 'admin' };
    await rawCall(origin, 'accounts.roles.grant', { token: admin.token, params, body: { reason: 'a test' } });
    const key = await makeKey(await signedIn(origin, arena.wallet(2)), ['admin']);
    expect((await rawCall(origin, 'audit.list', { token: key.secret })).status).toBe(200);
    await rawCall(origin, 'accounts.roles.withdraw', { token: admin.token, params, query: '?reason=a%20test' });
    await expect
      .poll(async () => (await rawCall(origin, 'audit.list', { token: key.secret })).problem?.code, { timeout: 1_000 })
      .toBe('auth/admin-only');
  });

  it('never leaves the arena without an admin', async () => {
    const params = { account: admin.account, role: 'admin' };
    const outcome = await rawCall(origin, 'accounts.roles.withdraw', {
      token: admin.token,
      params,
      query: '?reason=a%20test',
    });
    expect(outcome.problem?.code).toBe('account/last-admin');
  });
});
