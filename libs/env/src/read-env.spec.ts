import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { EnvError, flag, list, port, readEnv, seconds, url } from './index.js';

const schema = z.object({
  DATABASE_URL: url('postgres', 'postgresql').describe('the runtime role'),
  PORT: port().default(3000),
  VERBOSE: flag().default(false),
  DRAIN_SECONDS: seconds().default(3),
  ADMIN_WALLETS: list(z.string().regex(/^0x[0-9a-f]{40}$/, 'is not a wallet address')).optional(),
});
const good = { DATABASE_URL: 'postgres://u:p@h/d' };

function problemsFor(source: Record<string, string>): string[] {
  try {
    readEnv(schema, source);
  } catch (error) {
    if (error instanceof EnvError) return error.message.split('\n').slice(1);
    throw error;
  }
  throw new Error('expected an EnvError');
}

describe('readEnv', () => {
  it('gives typed values and defaults', () => {
    const env = readEnv(schema, { ...good, PORT: '0', VERBOSE: '1', DRAIN_SECONDS: '0.5', ADMIN_WALLETS: '' });
    expect(env).toEqual({ DATABASE_URL: good.DATABASE_URL, PORT: 0, VERBOSE: true, DRAIN_SECONDS: 0.5 });
    expect(readEnv(schema, good).PORT).toBe(3000);
  });

  it('reports every problem at once, one line a variable', () => {
    const lines = problemsFor({ PORT: '70000', VERBOSE: 'yes', DRAIN_SECONDS: '-1', ADMIN_WALLETS: 'bob, eve' });
    expect(lines).toEqual([
      '  DATABASE_URL is missing (the runtime role)',
      '  PORT is not a port: expected a whole number from 0 to 65535',
      '  VERBOSE is not a flag: expected true, false, 1 or 0',
      '  DRAIN_SECONDS is not a number of seconds: expected for example 30 or 0.5',
      '  ADMIN_WALLETS is not a wallet address',
    ]);
  });

  it('takes an empty string as missing', () => {
    expect(problemsFor({ DATABASE_URL: '' })).toEqual(['  DATABASE_URL is missing (the runtime role)']);
    expect(readEnv(schema, { ...good, PORT: '' }).PORT).toBe(3000);
  });

  it('never prints a value, not even when a refinement repeats it', () => {
    expect(problemsFor({ DATABASE_URL: 'mysql://root:canary-7@h' }).join()).not.toContain('canary-7');
    const telling = z.object({
      KEY: z.string().refine(() => false, { error: issue => `bad: ${String(issue.input)}` }),
    });
    expect(() => readEnv(telling, { KEY: 'canary-7' })).toThrow('KEY bad: …');
    expect(() => readEnv(telling, { KEY: 'canary-7' })).not.toThrow('canary-7');
  });

  it.each(['true', '1', 'false', '0'])('reads the flag %s', text => {
    expect(readEnv(z.object({ F: flag() }), { F: text }).F).toBe(text === 'true' || text === '1');
  });

  it.each(['TRUE', 'yes', 'on', ' 1'])('refuses the flag %s', text => {
    expect(() => readEnv(z.object({ F: flag() }), { F: text })).toThrow(EnvError);
  });

  it('splits a list at commas and drops empty items', () => {
    expect(readEnv(z.object({ L: list() }), { L: ' a, b,,c,' }).L).toEqual(['a', 'b', 'c']);
  });

  it('refuses a URL of another scheme, and text that is no URL', () => {
    for (const text of ['localhost', 'redis://h', '//h']) {
      expect(() => readEnv(z.object({ U: url('http', 'https') }), { U: text })).toThrow(
        'U is not a URL that starts with',
      );
    }
  });
});

describe('readEnvOrExit', () => {
  it('prints every problem and ends the process with code 1', () => {
    const script = `
      import { z } from 'zod';
      import { port, readEnvOrExit, url } from ${JSON.stringify(new URL('./index.ts', import.meta.url).href)};
      readEnvOrExit(z.object({ A_URL: url(), A_PORT: port() }), { A_PORT: 'x' });
      console.log('reached');`;
    const args = ['--import', 'tsx', '--input-type=module', '--eval', script];
    const child = spawnSync(process.execPath, args, { encoding: 'utf8', cwd: new URL('.', import.meta.url) });
    expect(child.status).toBe(1);
    expect(child.stderr).toContain('A_URL is missing\n');
    expect(child.stderr).toContain('A_PORT is not a port');
    expect(child.stdout).toBe('');
  });
});
