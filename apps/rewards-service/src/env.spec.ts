import { readEnv } from '@arena/env';
import { expect, it } from 'vitest';
import { Env } from './env.js';

const least = { DATABASE_URL: 'postgres://a@b/c', REDIS_URL: 'redis://a' };
const open = {
  ...least,
  FAUCET_KEY: `0x${'12'.repeat(32)}`,
  CHAIN_ID: '31337',
  RPC_URL: 'http://node',
  DEPLOYMENT_FILE: 'deployment.json',
};

it('needs no chain while there is no faucet', () => {
  expect(readEnv(Env, least).FAUCET_KEY).toBeUndefined();
});

it('refuses a faucet on a chain whose tokens are worth something, and shows no key', () => {
  expect(readEnv(Env, open).FAUCET_TOKENS).toBe(10_000n * 10n ** 18n);
  const production = () => readEnv(Env, { ...open, CHAIN_ID: '1' });
  expect(production).toThrow(/CHAIN_ID is not that of a development chain, and FAUCET_KEY is set/);
  expect(production).not.toThrow(/1212/);
  expect(() => readEnv(Env, { ...least, FAUCET_KEY: open.FAUCET_KEY })).toThrow(
    /CHAIN_ID[^]*DEPLOYMENT_FILE[^]*RPC_URL/,
  );
});
