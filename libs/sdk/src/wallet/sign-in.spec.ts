import { SiweMessage } from 'siwe';
import { Wallet, verifyMessage, verifyTypedData } from 'ethers';
import { describe, expect, it } from 'vitest';
import { ok, outside } from '../fixture/outside.js';
import { authoriseReceiptKey, createClient, signIn, signInMessage } from '../index.js';
import { checksumAddress } from './checksum-address.js';

const origin = 'http://arena.test:8080';
const wallet = new Wallet(`0x${'1'.repeat(64)}`);
const challenge = {
  nonce: '0123456789abcdef0123456789abcdef',
  domain: 'arena.test:8080',
  uri: origin,
  chainId: 31_337,
  version: '1',
  statement: 'Sign in to the arena.',
  expiresAt: '2026-01-31T12:05:00.000Z',
};
const session = {
  token: 'arena_token',
  id: '0190b6a0-0000-7000-8000-000000000001',
  account: wallet.address.toLowerCase(),
  roles: [],
  expiresAt: challenge.expiresAt,
};

describe('the sign-in message', () => {
  const fields = {
    ...challenge,
    address: wallet.address.toLowerCase(),
    issuedAt: new Date('2026-01-31T12:00:00.000Z'),
    expiresAt: new Date(challenge.expiresAt),
  };

  it('is read by the library that the server reads it with, field for field', () => {
    expect(new SiweMessage(signInMessage(fields))).toMatchObject({
      domain: 'arena.test:8080',
      address: wallet.address,
      statement: challenge.statement,
      uri: origin,
      version: '1',
      chainId: 31_337,
      nonce: challenge.nonce,
      issuedAt: '2026-01-31T12:00:00.000Z',
      expirationTime: challenge.expiresAt,
    });
  });

  it('is the very text that the library would write', () => {
    const text = signInMessage(fields);
    expect(new SiweMessage(text).prepareMessage()).toBe(text);
  });

  it('takes no field that speaks for the next line', () => {
    expect(() => signInMessage({ ...fields, statement: 'Hi\nURI: http://evil.test' })).toThrow('one line');
  });
});

describe('checksumAddress', () => {
  it('agrees with ethers on many addresses', () => {
    for (let i = 1; i <= 50; i++) {
      const { address } = new Wallet(`0x${i.toString(16).padStart(64, '0')}`);
      expect(checksumAddress(address.toLowerCase())).toBe(address);
    }
  });
});

describe('signIn', () => {
  it('gives a client that calls with the session', async () => {
    const { fetch, seen } = outside(ok(challenge), ok(session), ok({ items: [], next: null }));
    const signedIn = await signIn(createClient({ origin, fetch, credential: 'old' }), wallet);
    await signedIn.client.call('tasks.list');
    const login = JSON.parse(seen[1]?.body ?? '') as { message: string; signature: string };
    expect(verifyMessage(login.message, login.signature)).toBe(wallet.address);
    expect(seen.map(({ headers }) => headers.get('authorization'))).toEqual([null, null, 'Bearer arena_token']);
  });

  it.each([
    ['domain', { domain: 'bank.test' }, {}],
    ['address to sign in at', { uri: 'http://bank.test' }, {}],
    ['chain', {}, { chainId: 1 }],
  ])('signs nothing that is for another %s', async (_, changed, options) => {
    const { fetch, seen } = outside(ok({ ...challenge, ...changed }));
    const signing = signIn(createClient({ origin, fetch }), wallet, options);
    await expect(signing).rejects.toMatchObject({ code: 'client/challenge' });
    expect(seen).toHaveLength(1);
  });
});

describe('authoriseReceiptKey', () => {
  it('is the wallet’s signature over account, key and expiry in whole seconds', async () => {
    const expiresAt = new Date('2026-03-01T00:00:00.900Z');
    const key = new Wallet(`0x${'2'.repeat(64)}`).address;
    const authorised = await authoriseReceiptKey(wallet, { chainId: 31_337, key, expiresAt });
    const types = {
      ReceiptKey: [
        { name: 'account', type: 'address' },
        { name: 'key', type: 'address' },
        { name: 'expiresAt', type: 'uint64' },
      ],
    };
    const value = { account: wallet.address, key, expiresAt: 1_772_323_200n };
    const domain = { name: 'Arena', version: '1', chainId: 31_337 };
    expect(verifyTypedData(domain, types, value, authorised.signature)).toBe(wallet.address);
    expect(authorised).toMatchObject({ address: key.toLowerCase(), expiresAt: '2026-03-01T00:00:00.900Z' });
  });
});
