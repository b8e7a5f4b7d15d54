import { expect, it } from 'vitest';
import { serviceNames } from '@arena/contracts';
import { grants } from './grants.js';
import { serviceEnv, type Ground } from './service-env.js';

const ground: Ground = {
  database: { url: 'postgresql://root:rootsecret@127.0.0.1:5/arena', password: role => `of-${role}` },
  redis: { url: 'redis://127.0.0.1:6' },
  s3: {
    endpoint: 'http://127.0.0.1:7',
    region: 'us-east-1',
    keyOf: name => (grants[name] ? { accessKey: name, secretKey: `of-${name}` } : undefined),
  },
  chain: { url: 'http://127.0.0.1:8', chainId: 31337 },
  deployment: { file: '/kept/deployment.json', faucetKey: 'of-the-faucet' },
  origin: 'http://127.0.0.1:8080',
  adminWallets: ['0xaa'],
};
const ports = { http: 1, metrics: 2 };

it('gives a service its own roles, never the administrator', () => {
  const env = serviceEnv('task-service', ground, ports);
  expect(env['DATABASE_URL']).toBe('postgresql://tasks_app:of-tasks_app@127.0.0.1:5/arena');
  expect(env['MIGRATE_DATABASE_URL']).toBe('postgresql://tasks_owner:of-tasks_owner@127.0.0.1:5/arena');
  for (const name of serviceNames) {
    expect(JSON.stringify(serviceEnv(name, ground, ports))).not.toContain('rootsecret');
  }
});

it('gives no service the key of another', () => {
  for (const name of serviceNames) {
    const env = JSON.stringify(serviceEnv(name, ground, ports));
    for (const other of serviceNames.filter(other => other !== name)) expect(env).not.toContain(`of-${other}`);
  }
});

it('gives the key of the faucet to the only sender of transactions', () => {
  const holders = serviceNames.filter(name =>
    JSON.stringify(serviceEnv(name, ground, ports)).includes('of-the-faucet'),
  );
  expect(holders).toEqual(['rewards-service']);
});

it('gives a service without a database or objects neither', () => {
  const env = serviceEnv('validation-worker', ground, ports);
  expect(Object.keys(env).filter(name => name.includes('DATABASE') || name.startsWith('S3_'))).toEqual([]);
});
