import { describe, expect, it } from 'vitest';
import { createLogger, type Logger } from './logger.js';
import { scrubText } from './scrub-text.js';

const canary = 'c4naryC4NARYc4nary0123456789';
const hex = 'c0ffee'.repeat(11).slice(0, 64);

// Each value holds a secret as it would really stand somewhere; `leak` is the part that must not be found.
const secrets: Record<string, { text: string; leak: string }> = {
  'API key': { text: `arena_7Gq2_${canary}`, leak: canary },
  'webhook secret': { text: `whsec_${canary}==`, leak: canary },
  'Postgres URL': { text: `postgres://arena:${canary}@db:5432/arena`, leak: canary },
  'Redis URL without a user': { text: `redis://:${canary}@redis:6379`, leak: canary },
  'presigned URL': { text: `http://s3/b/k?X-Amz-Date=2&X-Amz-Signature=${hex}&x-id=GetObject`, leak: hex },
  'bearer header': { text: `Authorization: Bearer ${canary}`, leak: canary },
  cookie: { text: `cookie: theme=dark; session=${canary}`, leak: canary },
  'private key': { text: `privateKey: 0x${hex}`, leak: hex },
  'private key of the environment': { text: `SENDER_KEY=0x${hex}`, leak: hex },
  'password of the environment': { text: `PGPASSWORD=${canary}`, leak: canary },
  'JSON inside of a string': { text: JSON.stringify(JSON.stringify({ a: { password: canary } })), leak: canary },
};

const ways: Record<string, (log: Logger, text: string) => void> = {
  message: (log, text) => log.info(text),
  'field of the line': (log, text) => log.info({ seen: text }, 'x'),
  'field deep inside': (log, text) => log.info({ a: [{ b: { c: text } }] }, 'x'),
  'error message and stack': (log, text) => log.error(new Error(`cannot use ${text}`)),
  'cause of an error': (log, text) => log.error({ err: new Error('x', { cause: new Error(text) }) }),
  'child binding': (log, text) => log.child({ seen: text }).info('x'),
  'format argument': (log, text) => log.info('got %s and %j', text, { text }),
};

const fields = [
  ...['authorization', 'Authorization', 'cookie', 'set-cookie', 'flock-api-key', 'x-api-key', 'apiKey', 'token'],
  ...['sessionToken', 'secret', 'client_secret', 'password', 'privateKey', 'private_key', 'secretKey', 'signature'],
];

function written(write: (log: Logger) => void): string {
  let output = '';
  write(createLogger({ service: 'test', destination: { write: line => (output += line) } }));
  return output;
}

describe('no secret reaches the log', () => {
  for (const [what, { text, leak }] of Object.entries(secrets)) {
    it.each(Object.keys(ways))(`${what} as %s`, way => {
      const output = written(log => ways[way]?.(log, text));
      expect(output).toContain('[removed]');
      expect(output).not.toContain(leak);
      expect(() => JSON.parse(output) as unknown).not.toThrow();
    });
  }

  it.each(fields)('under the name %s, at any depth, in a child and in a list', name => {
    const output = written(log => {
      log.info({ [name]: 'canary-1' }, 'x');
      log.info({ request: { headers: { [name]: ['canary-2', 'canary-3'] } } }, 'x');
      log.child({ [name]: 'canary "quoted" 4' }).info('x');
      log.error({ err: Object.assign(new Error('x'), { details: { [name]: 'canary-5' } }) }, 'x');
    });
    expect(output).not.toContain('canary');
    for (const line of output.trim().split('\n')) expect(() => JSON.parse(line) as unknown).not.toThrow();
  });
});

describe('what is no secret stays', () => {
  it.each([
    'sha256 of part 3 is ' + hex,
    'role arena_tasks_owner of schema tasks, queue arena_submission_service_events',
    'GET http://127.0.0.1:8080/v1/tasks/3?limit=20',
    'Unexpected token: } in JSON',
    `object datasets/${hex} written`,
  ])('%s', text => {
    expect(scrubText(text)).toBe(text);
    expect(written(log => log.info({ digest: hex, tokens: 5, secretShown: true, n: 'x' }, text))).not.toContain(
      '[removed]',
    );
  });
});

it('scrubs a hostile line of a megabyte within two seconds', () => {
  const seeds = ['a-', 'secret', '"secret":"', '://', 'arena_', '\\"password\\":\\"', 'X_KEY=', 'Bearer ', '="token'];
  for (const seed of seeds) {
    const started = performance.now();
    scrubText(seed.repeat(1_000_000 / seed.length));
    expect(performance.now() - started, seed).toBeLessThan(2_000);
  }
});
