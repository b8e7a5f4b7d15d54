import { problems } from '@arena/contracts';
import { createClient, signInMessage } from '@arena/sdk';
import { JsonRpcProvider } from 'ethers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signedIn } from './arena/callers.js';
import { rawCall } from './arena/raw.js';
import { startArena, type Arena } from './arena/start.js';

/** Runtime code that answers every call with one word: a contract wallet that says yes, and one that says no. */
const answering = (word: string) => `0x63${word}60e01b60005260206000f3`;
const [YES, NO] = ['1626ba7e', 'ffffffff'];

describe('signing in', () => {
  let arena: Arena;
  let origin: string;

  beforeAll(async () => {
    arena = await startArena({ env: { NONCE_SECONDS: '30' } });
    ({ url: origin } = await arena.start('task-service'));
  });
  afterAll(() => arena.stop());

  type Fields = Parameters<typeof signInMessage>[0];
  const anybody = () => createClient({ origin, retries: 0 });

  async function compose(changes: Partial<Fields> = {}, address = arena.wallet(1).address): Promise<string> {
    const challenge = await anybody().call('auth.nonce', { body: {} });
    const [issuedAt, expiresAt] = [new Date(), new Date(challenge.expiresAt)];
    return signInMessage({ ...challenge, address, issuedAt, expiresAt, ...changes });
  }
  const login = (message: string, signature: string) => rawCall(origin, 'auth.login', { body: { message, signature } });
  const codeOf = async (message: string, wallet = arena.wallet(1)) =>
    (await login(message, await wallet.signMessage(message))).problem?.code;

  it('takes a nonce once, also when it is used a hundred times at once', async () => {
    const message = await compose();
    const signature = await arena.wallet(1).signMessage(message);
    const outcomes = await Promise.all(Array.from({ length: 100 }, () => login(message, signature)));
    const codes = outcomes.map(({ status, problem }) => (status === 200 ? 'in' : problem?.code));
    expect(codes.filter(code => code === 'in')).toHaveLength(1);
    expect(codes.filter(code => code === 'auth/nonce')).toHaveLength(99);
  });

  it('refuses a replay', async () => {
    const message = await compose();
    expect(await codeOf(message)).toBeUndefined();
    expect(await codeOf(message)).toBe('auth/nonce');
  });

  it('refuses a nonce that is not ours', async () => {
    expect(await codeOf(await compose({ nonce: 'a'.repeat(32) }))).toBe('auth/nonce');
  });

  it('refuses another domain, address, chain and version, and a time that has passed', async () => {
    const hour = 3_600_000;
    const wrong: Partial<Fields>[] = [
      { domain: 'evil.test' },
      { uri: 'https://evil.test/login' },
      { chainId: 1 },
      { issuedAt: new Date(Date.now() + hour) },
      { issuedAt: new Date(Date.now() - 2 * hour), expiresAt: new Date(Date.now() - hour) },
    ];
    for (const changes of wrong)
      expect([changes, await codeOf(await compose(changes))]).toEqual([changes, 'auth/message-invalid']);
  });

  it('refuses what is no sign-in message, and what is signed by somebody else', async () => {
    expect(await codeOf('hello')).toBe('auth/message-invalid');
    expect(await codeOf(await compose(), arena.wallet(2))).toBe('auth/signature');
    expect((await login(await compose(), '0x1234')).problem?.code).toBe('auth/signature');
    expect((await login(await compose(), 'zz')).problem?.code).toBe('request/invalid');
  });

  it('a failed try does not use up the nonce', async () => {
    const message = await compose();
    expect(await codeOf(message, arena.wallet(2))).toBe('auth/signature');
    expect(await codeOf(message)).toBeUndefined();
  });

  it('lets a contract wallet in by its own word, and no other contract', async () => {
    const provider = new JsonRpcProvider(arena.chain.url);
    const contract = async (word: string) => {
      const address = arena.wallet(Math.floor(Math.random() * 1e6) + 100).address;
      await provider.send('anvil_setCode', [address, answering(word)]);
      return address;
    };
    const [yes, no] = [await contract(YES), await contract(NO)];
    const outcome = await login(await compose({}, yes), '0x00');
    expect([outcome.status, (outcome.body as { account: string }).account]).toEqual([200, yes.toLowerCase()]);
    expect((await login(await compose({}, no), '0x00')).problem?.code).toBe('auth/signature');
    provider.destroy();
  });

  it('says that the chain is away when a contract wallet cannot be asked', async () => {
    const cut = await arena.start('task-service', { RPC_URL: 'http://127.0.0.1:9' });
    const challenge = await createClient({ origin: cut.url, retries: 0 }).call('auth.nonce', { body: {} });
    const message = signInMessage({
      ...challenge, address: arena.wallet(1).address, issuedAt: new Date(), expiresAt: new Date(challenge.expiresAt),
    }); // prettier-ignore
    const outcome = await rawCall(cut.url, 'auth.login', { body: { message, signature: '0x00' } });
    expect(outcome.status).toBe(problems['chain/unavailable'].status);
    // The key of a wallet needs no chain.
    expect((await signedIn(cut.url, arena.wallet(1))).token).toMatch(/^arena_/);
    await cut.stop();
  });

  it('ends a session at once when it signs out', async () => {
    const { client, token } = await signedIn(origin, arena.wallet(3));
    expect((await rawCall(origin, 'accounts.mine', { token })).status).toBe(200);
    await client.call('auth.logout');
    await expect
      .poll(async () => (await rawCall(origin, 'accounts.mine', { token })).problem?.code, { timeout: 1_000 })
      .toBe('auth/revoked');
  });
});
