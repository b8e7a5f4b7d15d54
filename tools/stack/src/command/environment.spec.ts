import { expect, it } from 'vitest';
import { readEnvironment } from './environment.js';

it('needs nothing, and then uses servers of its own at 8080', () => {
  expect(readEnvironment({ ARENA_FOLDER: '/kept' })).toEqual({
    folder: '/kept',
    port: 8080,
    external: {
      databaseUrl: undefined,
      redisUrl: undefined,
      rpcUrl: undefined,
      deploymentFile: undefined,
      s3: undefined,
    },
    passedOn: {},
  });
});

it('keeps everything in .arena unless told otherwise', () => {
  expect(readEnvironment({}).folder).toMatch(/\/\.arena$/);
});

it('uses a foreign S3 server only with its keys', () => {
  const external = { S3_ENDPOINT: 'http://s3.test', S3_ACCESS_KEY: 'a', S3_SECRET_KEY: 'b' };
  expect(readEnvironment(external).external.s3).toEqual({
    endpoint: 'http://s3.test',
    accessKey: 'a',
    secretKey: 'b',
    region: 'us-east-1',
  });
  expect(() => readEnvironment({ ...external, S3_SECRET_KEY: undefined })).toThrow(/^S3_ENDPOINT is set without/);
});

it('names every wrong variable at once and shows no value', () => {
  const wrong = { ARENA_PORT: 'high', DATABASE_URL: 'mysql://user:hunter2@host', ADMIN_WALLETS: '0x12' };
  expect(() => readEnvironment(wrong)).toThrow(/ARENA_PORT[^]*DATABASE_URL[^]*ADMIN_WALLETS/);
  expect(() => readEnvironment(wrong)).not.toThrow(/hunter2/);
});
