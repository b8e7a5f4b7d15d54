import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { closeTarget, openTarget, rules, type Target } from './conformance/suite.js';
import { startS3, type S3Server } from './server.js';

describe('our S3 server', () => {
  let folder: string;
  let server: S3Server;
  let target: Target;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'arena-s3-'));
    server = await startS3({ folder, keys: [{ accessKey: 'app', secretKey: 'app-secret', grants: '*' }] });
    target = await openTarget(server.url, { accessKey: 'app', secretKey: 'app-secret', region: 'us-east-1' });
  });

  afterAll(async () => {
    await closeTarget(target);
    await server.close();
    await rm(folder, { recursive: true });
  });

  for (const { title, check } of rules) it(title, () => check(target));
});
