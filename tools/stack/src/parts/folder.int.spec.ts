import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { holderOf, takeLock } from './lock.js';
import { rememberedPorts } from './remembered-ports.js';
import { openSecrets } from './secrets.js';

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'arena-folder-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the lock', () => {
  it('says in one line who holds it, and is free again afterwards', () => {
    const lock = join(folder, 'lock');
    const unlock = takeLock(lock);
    expect(() => takeLock(lock)).toThrow(`a stack already runs here (pid ${process.pid})`);
    expect(holderOf(lock)).toBe(process.pid);
    unlock();
    expect(holderOf(lock)).toBeUndefined();
    takeLock(lock)();
  });

  it('is taken over from a stack that was killed', async () => {
    const gone = spawn(process.execPath, ['-e', '']);
    await once(gone, 'exit');
    const lock = join(folder, 'lock');
    await writeFile(lock, String(gone.pid));
    takeLock(lock);
    expect(await readFile(lock, 'utf8')).toBe(String(process.pid));
  });
});

describe('the secrets', () => {
  it('stay the same between runs, differ by name, and are for their owner alone', async () => {
    const file = join(folder, 'secret');
    const first = openSecrets(file);
    expect(first('a')).toMatch(/^[0-9a-f]{40}$/);
    expect(first('a')).not.toBe(first('b'));
    expect(openSecrets(file)('a')).toBe(first('a'));
    expect(openSecrets(join(folder, 'other'))('a')).not.toBe(first('a'));
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });
});

describe('the ports', () => {
  it('are those of the last time, unless somebody took one meanwhile', async () => {
    const file = join(folder, 'ports.json');
    const before = rememberedPorts(file);
    const [one, two] = [await before('one'), await before('two')];
    const squatter = createServer().listen(one, '127.0.0.1');
    await once(squatter, 'listening');
    const after = rememberedPorts(file);
    expect(await after('one')).not.toBe(one);
    expect(await after('two')).toBe(two);
    squatter.close();
  });
});
