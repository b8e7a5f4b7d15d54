// anvil holds the keys of its accounts and signs with them as a wallet in a browser does.
import { testChain, type TestChain } from '@arena/testing';
import { JsonRpcProvider, verifyMessage, Wallet } from 'ethers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authoriseReceiptKey, injectedWallet } from '../index.js';

let chain: TestChain;
let rpc: JsonRpcProvider;
let address: string;

beforeAll(async () => {
  chain = await testChain();
  rpc = new JsonRpcProvider(chain.url);
  address = ((await rpc.send('eth_accounts', [])) as string[])[0] ?? '';
});
afterAll(async () => {
  rpc.destroy();
  await chain.stop();
});

const wallet = () => injectedWallet({ request: ({ method, params = [] }) => rpc.send(method, params) }, address);

describe('a wallet in the browser', () => {
  it('signs text', async () => {
    const signature = await wallet().signMessage('Grüße\nan alle');
    expect(verifyMessage('Grüße\nan alle', signature).toLowerCase()).toBe(address.toLowerCase());
  });

  it('authorises a receipt key exactly as an ethers wallet does', async () => {
    const authorisation = { chainId: chain.chainId, key: `0x${'2'.repeat(40)}`, expiresAt: new Date('2026-03-01') };
    const inBrowser = await authoriseReceiptKey(wallet(), authorisation);
    expect(inBrowser).toEqual(await authoriseReceiptKey(Wallet.fromPhrase(chain.mnemonic), authorisation));
  });
});
