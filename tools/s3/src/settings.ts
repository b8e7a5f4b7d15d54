import type { AccessKey, Grants } from './core/grants.js';
import type { S3Options } from './server.js';

type Env = Readonly<Record<string, string | undefined>>;

function isGrants(value: unknown): value is Grants {
  if (value === '*') return true;
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every(each => each === 'read' || each === 'write')
  );
}

function isAccessKey(value: unknown): value is AccessKey {
  if (typeof value !== 'object' || value === null) return false;
  const { accessKey, secretKey, grants } = value as Record<string, unknown>;
  return (
    typeof accessKey === 'string' &&
    accessKey !== '' &&
    typeof secretKey === 'string' &&
    secretKey !== '' &&
    isGrants(grants)
  );
}

function readKeys(json: string): AccessKey[] {
  let keys: unknown;
  try {
    keys = JSON.parse(json);
  } catch {
    keys = undefined;
  }
  if (!Array.isArray(keys) || keys.length === 0 || !keys.every(isAccessKey)) {
    throw new Error(
      'S3_KEYS_JSON must be [{"accessKey", "secretKey", "grants": "*" or {"<bucket>": "read" or "write"}}, …]',
    );
  }
  return keys;
}

/** Throws one line that says every problem at once. */
export function readSettings(env: Env): S3Options {
  const problems: string[] = [];
  const folder = env.S3_FOLDER ?? '';
  if (folder === '') problems.push('S3_FOLDER is missing: the folder that holds the objects');
  const port = Number(env.PORT ?? '9000');
  if (!Number.isInteger(port) || port < 0 || port > 65535) problems.push('PORT must be from 0 to 65535');
  let keys: AccessKey[] = [];
  if (env.S3_KEYS_JSON !== undefined) {
    try {
      keys = readKeys(env.S3_KEYS_JSON);
    } catch (error) {
      problems.push((error as Error).message);
    }
  } else if (env.S3_ACCESS_KEY && env.S3_SECRET_KEY) {
    keys = [{ accessKey: env.S3_ACCESS_KEY, secretKey: env.S3_SECRET_KEY, grants: '*' }];
  } else {
    problems.push('S3_KEYS_JSON, or S3_ACCESS_KEY and S3_SECRET_KEY, are missing');
  }
  if (problems.length > 0) throw new Error(problems.join('; '));
  return { folder, port, keys, host: env.HOST ?? '127.0.0.1', region: env.S3_REGION ?? 'us-east-1' };
}
