/** One intent, one effect on chain: whatever dies, is lost, or is taken back. */
import { Interface } from 'ethers';
import { waitFor } from '@arena/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { losingRelay } from '../fixture/losing-relay.js';
import { ended } from '../fixture/processes.js';
import { submitterStand, type Stand } from '../fixture/submitter-stand.js';
import { KeyReused } from '../index.js';

let stand: Stand;
beforeEach(async () => void (stand = await submitterStand()));
afterEach(() => stand.close());

const once = async (targets: readonly string[]) => {
  await stand.allDone();
  expect(await stand.times(targets)).toEqual(targets.map(() => 1));
  expect(await stand.doubledNonces()).toEqual([]);
};

describe('an intent', () => {
  it('is sent if the transaction that wrote it commits, and only then', async () => {
    const submitter = stand.sender();
    const to = '0x00000000000000000000000000000000000000aa';
    const failing = stand.database.transaction(async tx => {
      await submitter.submit(tx, { key: 'lost', to, data: '0x', value: 7n });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    const targets = await stand.pay(submitter, 3);
    stand.keepMining();
    await once(targets);
    expect(await stand.times([to])).toEqual([0]);
    expect(await submitter.fateOf(stand.database.read, 'lost')).toBeUndefined();
    const fate = await submitter.fateOf(stand.database.read, `pay:${targets[0]}`);
    expect(fate).toMatchObject({ status: 'done', hash: expect.stringMatching(/^0x/) as string });
    expect(await submitter.gauges()).toMatchObject({ leading: true, open: 0, stuckSeconds: 0 });
  });

  it('is the same however often its key is used, and another one under it is refused', async () => {
    const submitter = stand.sender();
    const [to = ''] = await stand.pay(submitter, 1);
    const again = (value: bigint) =>
      stand.database.transaction(tx => submitter.submit(tx, { key: `pay:${to}`, to, data: '0x', value }));
    await again(7n);
    await expect(again(8n)).rejects.toBeInstanceOf(KeyReused);
    stand.keepMining();
    await once([to]);
  });

  it('fails with the reason when its call would revert for too long, and uses no nonce', async () => {
    const submitter = stand.sender({ patienceMs: 300 });
    // Deploys a contract whose every call reverts with Error("no").
    const said = new Interface(['error Error(string)']).encodeErrorResult('Error', ['no']).slice(2);
    const size = said.length / 2;
    const runtime = `60${size.toString(16)}600c60003960${size.toString(16)}6000fd${said}`;
    const code = `60${(runtime.length / 2).toString(16)}600c60003960${(runtime.length / 2).toString(16)}6000f3${runtime}`;
    const sent = await stand.wallet.sendTransaction({ data: `0x${code}` });
    await stand.mine();
    const to = (await sent.wait())?.contractAddress ?? '';
    await stand.database.transaction(tx => submitter.submit(tx, { key: 'bad', to, data: '0x12345678' }));
    const fate = await waitFor(async () => {
      const found = await submitter.fateOf(stand.database.read, 'bad');
      return found?.status === 'failed' && found;
    });
    expect(fate).toMatchObject({ reason: 'Error(no)', hash: null });
    stand.keepMining();
    const targets = await stand.pay(submitter, 1);
    await waitFor(async () => (await stand.times(targets))[0] === 1);
  });

  it('is replaced by one that offers more when it does not get in, on the same nonce', async () => {
    const submitter = stand.sender({ settings: { bumpMs: 300 } });
    const targets = await stand.pay(submitter, 1);
    const attempts = () => stand.database.read.query<{ nonce: bigint }>('select nonce from chain_attempts');
    await waitFor(async () => (await attempts()).length >= 3);
    expect(new Set((await attempts()).map(({ nonce }) => nonce)).size).toBe(1);
    stand.keepMining();
    await once(targets);
  });
});

describe('a sender that is killed', { timeout: 60_000 }, () => {
  it.each([
    'submitter.before-reserve:2',
    'submitter.after-reserve:1',
    'submitter.before-store:2',
    'submitter.after-store:1',
    'submitter.after-broadcast:2',
    'submitter.before-mined:1',
    'submitter.before-finish:2',
  ])('at %s sends nothing twice and forgets nothing', async crashAt => {
    const idle = stand.sender();
    await idle.close();
    const targets = await stand.pay(idle, 3);
    stand.keepMining();
    expect(await ended(stand.process({ CRASH_AT: crashAt }))).toBe('SIGKILL');
    stand.sender();
    await once(targets);
  });

  it('makes way for another, who takes its lock and waits for it until then', async () => {
    const child = stand.process({});
    const locks = `select 1 from pg_locks where locktype = 'advisory' and granted and database = (
      select oid from pg_database where datname = current_database())`;
    await waitFor(async () => (await stand.database.read.query(locks)).length === 1, { timeoutMs: 20_000 });
    const second = stand.sender();
    const targets = await stand.pay(second, 1);
    await waitFor(async () => (await stand.statuses())[0] === 'sent');
    expect((await second.gauges()).leading).toBe(false);
    child.kill('SIGKILL');
    await waitFor(async () => (await second.gauges()).leading);
    stand.keepMining();
    await once(targets);
  });
});

describe('a chain that misbehaves', { timeout: 60_000 }, () => {
  it('by losing the answer to a transaction that it took', async () => {
    const relay = await losingRelay(stand.chain.url, 'eth_sendRawTransaction');
    const submitter = stand.sender({}, relay.url);
    const targets = await stand.pay(submitter, 2);
    await waitFor(() => relay.lost() >= 2, { timeoutMs: 20_000 });
    stand.keepMining();
    await once(targets);
    await relay.close();
  });

  it('by taking back the block that held it, and the transaction with it', async () => {
    const submitter = stand.sender();
    const targets = await stand.pay(submitter, 2);
    await waitFor(async () => (await stand.statuses()).every(status => status === 'sent'));
    await stand.mine();
    await waitFor(async () => (await stand.statuses()).every(status => status === 'mined'));
    await stand.provider.send('anvil_rollback', [1]);
    expect(await stand.times(targets)).toEqual([0, 0]);
    await waitFor(async () => (await stand.statuses()).every(status => status === 'sent'));
    stand.keepMining();
    await once(targets);
  });

  it('by taking it back while the sender dies', async () => {
    const idle = stand.sender();
    await idle.close();
    const targets = await stand.pay(idle, 1);
    const child = stand.process({ CRASH_AT: 'submitter.before-unmined:1' });
    await waitFor(async () => (await stand.statuses())[0] === 'sent', { timeoutMs: 20_000 });
    await stand.mine();
    await waitFor(async () => (await stand.statuses())[0] === 'mined');
    await stand.provider.send('anvil_rollback', [1]);
    expect(await ended(child)).toBe('SIGKILL');
    stand.sender();
    stand.keepMining();
    await once(targets);
  });

  it('by moving it to another block', async () => {
    const submitter = stand.sender();
    const targets = await stand.pay(submitter, 1);
    await waitFor(async () => (await stand.statuses())[0] === 'sent');
    await stand.mine(2);
    await waitFor(async () => (await stand.statuses())[0] === 'mined');
    const raw = await stand.database.read.query<{ raw: Uint8Array }>('select raw from chain_attempts');
    const bytes = `0x${Buffer.from(raw[0]?.raw ?? []).toString('hex')}`;
    await stand.provider.send('anvil_reorg', [2, [[bytes, 1]]]);
    stand.keepMining();
    await once(targets);
  });

  it('by showing that another transaction of the key took the nonce for good', async () => {
    const idle = stand.sender();
    await idle.close();
    const targets = await stand.pay(idle, 1);
    expect(await ended(stand.process({ CRASH_AT: 'submitter.after-store:1' }))).toBe('SIGKILL');
    const foreign = '0x00000000000000000000000000000000000000ff';
    const sent = await stand.wallet.sendTransaction({ to: foreign, value: 7n });
    stand.keepMining();
    await sent.wait(5);
    expect(await ended(stand.process({ CRASH_AT: 'submitter.before-release:1' }))).toBe('SIGKILL');
    stand.sender();
    await stand.allDone();
    expect(await stand.times([...targets, foreign])).toEqual([1, 1]);
    const nonces = await stand.database.read.query('select distinct nonce from chain_attempts');
    expect(nonces).toHaveLength(2);
  });
});
